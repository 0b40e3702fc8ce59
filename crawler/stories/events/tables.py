"""Words of the news in three languages that mean the same: bridges from one press to another.

A row is a meaning: ``English | French | Arabic``; a line that is indented continues it. A word that
ends in * stands for all words that begin so, its forms (``sentenc*``); Arabic words are compared
without article and proclitics. What a row unites is coarse on purpose: that a court *sentences*,
*condemns*, يدين or يقضي is one act. A row names no event, and all its words are common; so a shared
meaning weighs by how rare it is.

States and cities stand here only if their names are not the same consonants in both scripts
(``languages.name_keys``): Egypt is مصر, but Tunis is تونس.
"""

from __future__ import annotations

ACTS = """
abduct* kidnap* hostage* | enleve* kidnapp* otage* rapt | اختطاف خطف مختطف* رهائن رهينه
accuse* charg* indict* prosecut* | accus* inculp* poursuiv* prevenu* |
    متهم* اتهم* تهم* تابع توبع* ملاحق*
accident* crash* collision* collid* | accident* collision* percut* carambolage |
    حادث حادثه حوادث تصادم اصطدم* اصطدام
acquit* cleared | acquitt* relax* | براءه برات تبرئه
adopt* approv* endors* pass* ratif* | adopt* approuv* enterin* ratifi* |
    اقر* اعتمد* اعتماد صادق* مصادقه وافق* موافقه
agree* deal accord pact memorandum treaty | accord* convenu* pacte memorandum traite entente |
    اتفق* اتفاق اتفاقيه مذكره تفاهم معاهده
appoint* named nominat* | nomm* nominat* design* | تعيين عين* تسميه
arrest* detain* custody | arret* interpell* detenu* ecrou* |
    اعتقال اعتقل* توقيف اوقف* موقوف* معتقل* القبض احتجز* احتجاز
assassin* murder* | assassin* meurtr* | اغتيال اغتال* مقتل
attack* assault* raid* | attaqu* attent* assaut raid* | هجوم هجمات هاجم* اعتداء
award* prize* medal* | prix laureat* medaille* | جائزه جوائز وسام ميداليه
ban* prohibit* forbid* | interdi* prohib* | حظر* منع* يحظر
blast* explo* bomb* | explos* bomb* | انفجار* انفجر* تفجير* قنبله عبوه
blaz* fire* burn* flame* | incend* feu brul* flamme* | حريق حرائق نيران احتر* حروق
bought buy* purchas* book* | achet* achat* acqui* | اشتر* شراء تعاقد* اقتنا*
build* construct* | construi* construct* chantier* batir | بناء تشييد انشاء اشغال
candidat* elect* poll ballot* | candidat* elect* scrutin* municipales urnes | انتخاب* مرشح* اقتراع
cancel* scrap* | annul* | الغ* ملغ*
ceasefire* truce* armistice | treve* cessez* armistice | هدنه
clos* shut* suspend* ground* | ferm* suspend* suspension | اغلق* اغلاق مغلق* علق* تعليق
collaps* | effondr* eboul* ecroul* | انهيار انهار*
compensat* | indemnis* indemnit* dedommag* | تعويض*
condol* | condoleances | تعزيه تعازي يعزي
congratulat* greet* | felicit* | تهنئه تهاني يهنئ هنا*
contract* tender* | contrat* marche* offres | عقد عقود مناقصه صفقه
convict* sentenc* jail* prison* | condamn* peine* prison* ecop* reclusion |
    ادان* ادانه مدان* حكم* سجن سجون سجنا عقوب* قضت
corrupt* embezzl* fraud* theft stole* | corrupt* detourn* fraud* vol |
    فساد اختلاس* اختلس* استيلاء سرقه رشوه
cut* reduc* slash* curb* | redui* baiss* reduct* coup* | خفض* تخفيض تقليص
delay* postpon* | report* retard* ajourn* | تاجيل اجل* ارجا* تاخر*
deni* refut* | dement* deni* | نفي نفت ينفي تكذيب
deport* expel* extradit* hand* | expuls* extrad* remis* livre* |
    ترحيل تسليم سلم* يسلم طرد* ابعاد استرداد تسلم*
discover* find found unearth* uncover* | decouv* exhum* | اكتشف* اكتشاف عثر* عثور كشف*
dismiss* sack* fired | limog* revoqu* destitu* | اعفا* اعفي اقاله اقال*
donat* grant* aid | don dons aide* subvention* | تبرع* منحه منح* مساعد* هبه
draw* drew tie* level* | nul egalis* | تعادل* التعادل
drown* sink* sank shipwreck* capsiz* | noy* naufrag* sombr* chavir* coul* | غرق* غريق غارق
earthquake* quake* tremor* seism* magnitude | seisme* tremblement secousse* magnitude |
    زلزال هزه ارضيه ريختر
escap* fled flee* | fuit* fui evad* evasion | فرار هرب* هروب فر
evacuat* | evacu* | اخلاء اخل* اجلاء
execut* hang* | execut* | اعدام* اعدم*
expand* extend* | elarg* prolong* extens* | توسيع تمديد توسع*
fine* penalt* | amende* | غرامه غرم* تغريم
flood* inundat* torrent* | inond* crue* torrent* | فيضان* سيول طوفان
forecast* expect* | prevoi* previs* attend* | توقع* متوقع*
friend* | amical* ami* | ودي* صديق*
goal* scor* | but buts buteur double marqu* | هدف اهداف سجل* تسجيل
injur* wound* hurt | bless* | جرح* جريح اصيب* اصابه مصاب* اصابات
inaugurat* open* launch* start* | inaugur* lanc* ouvr* ouvert* demarr* |
    افتت* تدشين دشن* انطلاق* اطلاق اعطاء يطلق اطلق*
inquir* investigat* probe* | enquet* instruct* | تحقيق* التحقيق يحقق
invest* financ* fund* | invest* financ* fonds | استثمار* تمويل* صندوق
kill* dead die* death* fatal* | tue tues tuee tuees tuer tuant mort* mourir deces deced* peri* |
    قتل* قتيل قتلي مقتل مصرع لقي* وفاه وفيات توفي* مات اودي اودت ضحايا ضحيه
land* arriv* | arriv* atterri* debarqu* | وصل* وصول هبط* هبوط
lend* loan* borrow* | pret* emprunt* | قرض قروض اقتراض
lose* lost defeat* beat* | perd* defait* battu* battre bat | خسر* خساره هزيمه هزم*
meet* met talks receiv* confer* | rencontr* entret* recu* reun* pourparl* |
    لقاء التق* يلتقي مباحث* تباحث* يتباحث محادث* استقبل* اجتماع اجتمع* بحث* يبحث*
merg* takeover | fusion* rachat | اندماج استحواذ
negotiat* mediat* | negoci* mediat* | مفاوض* وساطه وسيط تفاوض*
overturn* plung* | renvers* ravin chut* tomb* | انقلاب انقلب* سقوط منحدر
pardon* amnest* | grace graci* amnist* | عفو
protest* demonstrat* rall* | manifest* protest* rassembl* | احتجاج* احتج* وقفه تظاهر* مظاهر*
quit* resign* | demission* | استقال* استقاله
raise* increas* hike* ris* | augment* hauss* relev* | رفع* زياده ارتفاع* ارتفع* زاد*
refus* reject* | refus* rejet* | رفض* يرفض
rescu* save* pick* | secour* sauv* assist* recueil* | انقاذ انقذ* اسعاف مساعده
reopen* resum* restor* | rouvr* repris* repren* restaur* | اعاده فتح استئناف استانف*
repatriat* return* | rapatri* retour* rentr* | عوده اعاده عائد* عاد* ترحيل
retir* pension* | retrait* pension* | تقاعد متقاعد*
seiz* confiscat* haul | sais* confisqu* | حجز* ضبط* مصادره
sell* sold sale* export* | vend* vente* export* | بيع باع* صادرات تصدير
sign* | sign* | وقع* توقيع يوقع* موقع*
smuggl* traffick* contraband | trafi* contreband* traite | تهريب مهرب* اتجار
spray* treat* | trait* pulveris* | معالجه عالج* رش
strik* walkout* stoppage | grev* debray* | اضراب* اضرب*
stud* research* survey* | etude* chercheur* recherch* sondage | دراسه دراسات باحث* ابحاث
credential* envoy* ambassador* | creance* ambassad* emissaire* | سفير* اوراق اعتماد مبعوث*
particip* attend* | particip* assist* | مشارك* شارك* حضر* حضور
test* trial* court* tribunal judge* verdict | proces tribunal cour juge* verdict audience |
    محكم* محاكم* قاض قاضي قضاء
train* cours* academ* | form* stag* academ* | تدريب* تكوين* دوره دورات اكاديم*
unveil* announc* | annonc* devoil* | اعلن* اعلان يعلن كشف*
urg* call* demand* | appel* reclam* exig* demand* | دعا دعت دعو* يدعو طالب* مطالب*
vote* parliament* mp mps lawmaker* | vot* parlement* depute* | تصويت صوت* برلمان* نواب نائب*
warn* alert* | avert* alert* | حذر* تحذير* يحذر
win* won victor* triumph* | gagn* victoir* remport* impos* vainqu* | فوز فاز* يفوز انتصار
withdr* | retir* retrait* | انسحاب سحب* انسحب*
"""

THINGS = """
actor* actress* film* cinema movie* | acteur* actrice* film* cinema* | ممثل* فيلم افلام سينما*
agricultur* farm* crop* harvest* | agric* ferm* recolte* | زراع* فلاح* محصول* محاصيل ضيعه
aid humanitarian relief | humanitaire* aide | انساني* اغاثه
airport* flight* airline* aircraft plane* | aeroport* vol vols avion* aerien* |
    مطار* رحلات طيران طائر* جوي* جوا
alarm* exit* emergency | alarme* issue* urgence* | انذار مخارج طوارئ
animal* livestock cattle sheep | betail ovin* animaux | ماشيه اغنام ابقار حيوان*
anniversar* commemorat* | anniversaire* commemor* | ذكري
antiquit* archaeolog* archeolog* tablet* unearth* | antiquit* archeolog* tablette* fouill* |
    اثار اثري* تنقيب رقم رقيم الواح
army military soldier* troop* | armee* militaire* soldat* | جيش عسكري* جندي جنود
bank* banking | banqu* | بنك بنوك مصرف مصارف مصرفي*
baker* bread | boulang* pain fournil | مخبز مخابز خبز
bicycle cycling cyclist* | cycl* velo | دراجات دراجه
boat* vessel* ship* ferry dinghy | bateau* embarcat* navire* ferry pateras cargo |
    قارب قوارب سفين* سفن عباره
book* publish* novel* poet* writer* | livre* edit* roman* poet* ecrivain* |
    كتاب كتب نشر ناشر* روايه شاعر* كاتب
border* crossing frontier* | frontal* frontier* poste* | حدود حدودي* منفذ معبر
bridge* road* motorway highway | pont ponts route* autoroute* | جسر جسور طريق طرق
budget* deficit* revenue* tax* | budget* deficit* recette* impot* fisc* |
    ميزانيه موازنه عجز ايرادات ضريب* ضرائب
bus buses coach minibus | bus autocar* car minibus | حافله حافلات باص
camp* tent* | camp camps tente* | مخيم* خيم* خيام
captagon pill* tablet* synthetic | captagon comprim* synthese | كبتاغون حبوب تخليقي*
cannabis hashish resin | cannabis chira haschich resine | شيرا حشيش قنب مخدر
cocaine | cocaine | كوكايين
drug* narcotic* | drogue* stupefiant* | مخدر* مخدرات
car lorry truck* vehicle* driver* | voiture* camion* vehicule* chauffeur* conducteur* |
    سياره سيارات شاحن* سائق مركبه عربه عربات
inflation interest | inflation taux | تضخم فائده
child* minor* boy* girl* | enfant* mineur* fille* garcon* | طفل اطفال قاصر* فتيات فتاه
climate heat drought | climat* chaleur secheresse canicule | مناخ* حراره جفاف
cold snow winter | froid neige hiver | ثلج ثلوج برد
coal mine* miner* gold digger* | mine mines mineur* orpaill* charbon | منجم مناجم ذهب منقب*
company firm* group* | societe* entreprise* groupe* | شركه شركات مجموعه
council board session | conseil* session* | مجلس دوره
cup championship league semi* quarter* | coupe championnat ligue demi* quart* finale* |
    كاس بطوله دوري نهائي ربع نصف
customs duty tariff* | douan* tarif* droits | جمارك جمركي* كمركي* كمارك رسوم
cyber* hack* ransomware | cyber* pirat* rancongiciel | الكتروني* قرصن* سيبراني* فديه
dam dams reservoir* | barrage* retenue* | سد سدود خزان
desalinat* seawater | dessal* | تحليه محلاه
detain* prisoner* inmate* | detenu* prisonnier* | معتقل* سجين سجناء محتجز* محكوم*
diplom* foreign | diplomat* etrangeres | دبلوماسي* خارجيه
disease* outbreak* epidemic virus vaccin* | maladie* epidemie virus vaccin* |
    مرض امراض وباء فيروس لقاح تلقيح
doctor* nurse* patient* | medecin* infirm* patient* malade* | طبيب اطباء ممرض* مريض مرضي
dust sandstorm storm* | poussiere tempete* sable | غبار ترابي* عاصفه
economy economic growth gdp | econom* croissance pib | اقتصاد* نمو ناتج
electric* power grid megawatt* | electri* courant megawatt* | كهرباء كهربائي* ميغاواط
exam exams pupil* school* teacher* | examen* eleve* ecole* enseign* bac |
    امتحان* تلاميذ طلبه مدرس* مدارس تربيه
factory plant workshop | usine* atelier* | مصنع معمل مصانع معامل
family relatives parents | famille* proche* parent* | عائل* اسره اهالي ذوي
fertil* phosphat* | engrais phosphat* | اسمده فوسفاط* فوسفات
fingerprint* identity | empreinte* identit* identifi* | بصم* هويه
fish* coast* | pech* poisson* mer cote* | صيد سمك اسماك بحر* ساحل سواحل
football match player* | football match joueur* selection equipe | كره مباراه منتخب لاعب*
forest wildfire* | foret* | غابه غابات
friendly | amical | وديا وديه
gas flaring | gaz torch* | غاز
government cabinet | gouvernement* | حكومه
grain wheat cereal* | ble cereal* grain* | قمح حبوب
hajj pilgrim* umrah | hadj pelerin* omra | حج حجاج عمره معتمر*
hospital* clinic* | hopital hopitaux clinique* hospitalier* | مستشف* مصحه
hotel* tourist* tourism | hotel* touris* | فندق فنادق سياح* سائح
house* home* building* | maison* immeuble* logement* | منزل منازل دار بيوت بنايه عماره
illegal irregular* undocumented | illegal* irregul* clandestin* | نظاميه عشوائي*
import* | import* | استيراد واردات مستورد*
interior | interieur | داخليه
job* hiring unemploy* | emploi* embauche* chomage | شغل توظيف بطاله
journalist* media press | journalist* presse medias | صحافي* صحفي* صحافه اعلام
judic* justice | judicia* justice | عدل عداله قضائي*
king monarch royal | roi royal* souverain monarque | ملك ملكي* عاهل
law bill legislat* | loi lois legisla* | قانون قوانين تشريع*
locust* swarm* | criquet* essaim* | جراد اسراب
medicine pharmac* | medicament* pharmac* | ادويه دواء صيدل*
metro subway | metro | مترو
migrant* migration | migrant* migrat* harraga | مهاجر* هجره
museum heritage exhibition | musee* patrimoine exposition | متحف تراث معرض
navy coastguard | marine garde* cotes | بحريه خفر
nuclear uranium | nucleaire uranium | نووي* يورانيوم
ocean tide beach* | ocean plage* | محيط شاطئ
oil barrel* crude opec | petrol* baril* brut opep | نفط* برميل خام اوبك
organised gang* ring crime | gang* reseau* bande criminalite | عصاب* شبك* جريمه
parade ceremony | defile ceremonie | حفل مراسم استعراض
passport visa* | passeport* visa* | جواز تاشير*
peace talks settlement | paix reglement | سلام تسويه
penalty | penalty | جزاء
pipeline | gazoduc oleoduc pipeline | انبوب
plastic* | plastique* | بلاستيك
police officer* | polic* agent* officier* | شرطه ضباط ضابط امن
pollution waste | pollution dechet* | تلوث نفايات
poor poverty | pauvre* | فقر فقراء
port harbour container* | port ports conteneur* | ميناء موانئ حاوي*
president* | president* | رئيس جمهوريه
price* | prix cherte | سعر اسعار غلاء
railway* rail train* carriage* signal* |
    ferroviaire* rail train* tgv wagon* signalisation aiguill* |
    سكك حديد حديديه قطار* اشارات
rain* | pluie* averse* | مطر امطار
refugee* displaced | refugie* deplace* | لاجئ* نازح*
restaurant cafe | restaurant* cafe* | مطعم مقهي
river* flow | fleuve* riviere* oued debit* | نهر واد اطلاقات تدفق
rocket missile drone* | roquette* missile* drone* | صاروخ صواريخ مسير*
royal palace prince | palais prince | قصر امير
satellite space | satellite* spatial* | قمر فضاء
security | securit* secur* | امن امني*
solar wind renewable | solaire* eolien* renouvelable* | شمس* شمسي* رياح متجدد*
stadium | stade | ملعب
tank weapon* gun* ammunition | arme armes munition* | سلاح اسلحه ذخيره
telecom* mobile network | telecom* mobile reseau | اتصالات هاتف
telegram message | message telegramme | برقيه رساله
temple church mosque* | temple eglise* mosquee* | معبد كنيسه مسجد مساجد
terror* extremis* | terror* extremis* | ارهاب* تطرف
textile* worker* | textile* ouvrier* | نسيج عمال عامل
tomato* banana* citrus olive* | tomate* banane* agrume* olive* | طماطم موز حوامض زيتون
tribal sheikh | trib* cheikh | قبيل* عشائر شيخ
tunnel* well* | tunnel* puits | نفق انفاق بئر ابار
union* labour | syndica* | نقاب* اتحاد
universit* student* campus | universit* etudiant* | جامع* طلاب
wage* salar* payroll | salair* salarial* remunerat* | اجور رواتب
war conflict fighting | guerre conflit combats | حرب نزاع معارك قتال
water drinking | eau eaux potable | ماء مياه مائي*
women woman | femme* | نساء امراه نسوه
mondial | mondial | مونديال
youth | jeune* | شباب
"""

PLACES = """
aegean greece greek athens | grece grec* athenes | يونان* اثينا
aleppo | alep | حلب
algeria* algiers | alger* | جزائر*
argentina | argentine | ارجنتين
austria* vienna | autrich* vienne | نمسا فيينا
beijing china chinese | pekin chin* | بكين صين*
brazil* | bresil* | برازيل*
cairo | caire | قاهره
canary canaries | canaries | كناري
casablanca | casablanca | بيضاء
croatia | croatie | كرواتيا
cyprus | chypre | قبرص
damascus | damas | دمشق
denmark danish | danemark danois* | دنمارك*
dutch netherlands hague | neerlandais* haye | هولند* لاهاي
egypt egyptian* | egypt* | مصر مصري*
ethiopia | ethiopie | اثيوبيا
europe european eu | europe* ue | اوروب* اورب*
fez | fes | فاس
france french | france francais* | فرنس*
geneva | geneve | جنيف
german* berlin | allemagne allemand* | المان* برلين
gulf | golfe | خليج*
jerusalem | jerusalem | قدس
hungary budapest | hongrie hongrois* | مجر بودابست
india indian* delhi | inde indien* delhi | هند* دلهي
japan* tokyo | japon* | يابان* طوكيو
jordan* amman | jordan* amman | اردن*
khartoum sudan* | soudan* khartoum | سودان* خرطوم
korea* seoul | core* coreen* seoul | كوري* سيول
kurdistan kurd* | kurd* | كردستان كرد*
latakia | lattaquie | لاذقيه
lebanon lebanese beirut | liban* beyrouth | لبنان* بيروت
london british britain uk | londres britann* | لندن بريطان*
madrid spain spanish | madrid espagn* | مدريد اسبان*
mali bamako | mali malien* bamako | مالي باماكو
mediterranean | mediterranee* | متوسط
mexic* | mexi* | مكسيك*
mosul nineveh | mossoul ninive | موصل نينوي
nile | nil | نيل
palestin* gaza | palestin* gaza | فلسطين* غزه
polish poland | pologne polonais* | بولندا
qatar* doha | qatar* doha | قطر دوحه
riyadh saudi* | riyad saoud* | رياض سعودي*
romania* | roumanie roumain* | رومانيا
russia* moscow | russ* moscou | روس* موسكو
sahara | sahara | صحراء
swed* swiss switzerland | sued* suisse* | سويد* سويسر*
syria* | syri* | سوري*
tangier | tanger | طنجه
tehran iran* | iran* teheran | ايران* طهران
tigris euphrates | tigre euphrate | دجله فرات
tunisia* tunis | tunis* | تونس*
turkey turkish ankara turkiye | turqu* turc turcs ankara | ترك* انقره
ukraine ukrainian* kyiv | ukrain* kiev | اوكران* كييف
un nations | onu nations | امم اممي*
us washington american* | americain* washington | امريك* اميرك* واشنطن
yemen* aden | yemen* aden | يمن*
"""
