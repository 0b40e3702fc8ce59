"""What pages say that stand in an article's place, by kind and language. A table for people.

Each phrase is what such a page calls itself or says in a sentence of its own; ``block_pages``
weighs it with the page's length and build. Written as people write it; both sides are folded, so
accents, articles and hamza do not matter. Sorted by language: Arabic, English, French, others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

StubKind = Literal["challenge", "error_page", "maintenance", "parked", "soft404", "stub"]

PHRASES: Mapping[StubKind, tuple[str, ...]] = {
    "challenge": (
        "التحقق من المتصفح", "التحقق من متصفحك", "أثبت أنك لست روبوت", "تفعيل جافا سكريبت",
        "تفعيل JavaScript", "تفعيل ملفات تعريف الارتباط", "تمكين JavaScript",
        "تمكين ملفات تعريف الارتباط", "تفعيل الكوكيز", "لست برنامج روبوت",
        "browser is being checked", "checking if the site connection is secure",
        "checking your browser", "ddos protection by", "enable cookies", "enable javascript",
        "javascript and cookies", "javascript is disabled", "javascript is required",
        "javascript to run this app", "requires javascript", "requires cookies",
        "turn on javascript", "verify you are human", "verifying you are human",
        "you are not a robot", "activer javascript", "activer les cookies", "activez javascript",
        "activez les cookies", "cookies doivent être activés", "javascript est désactivé",
        "javascript est nécessaire", "n'êtes pas un robot", "vérification de votre navigateur",
        "vérifier que vous êtes humain", "habilite las cookies", "activa javascript",
        "جاوا اسکریپت را فعال",
    ),
    "error_page": (
        "تعذر الاتصال بقاعدة البيانات", "تم إيقاف الحساب", "تم تعليق الحساب", "حدث خطأ داخلي",
        "حدث خطأ غير متوقع", "حدث خطأ فادح", "حدث خطأ في الخادم", "خطأ تقني", "خطأ داخلي في الخادم",
        "خطأ في الاتصال بقاعدة البيانات", "خطأ في الخادم", "خطأ في قاعدة البيانات", "خطأ حرج",
        "خطأ فني", "الخدمة غير متاحة", "الخدمة غير متوفرة", "تم تجاوز الحد المسموح",
        "a database error", "access denied for user", "account has been suspended",
        "account suspended", "allowed memory size", "can t connect to local mysql",
        "fatal error uncaught", "maximum execution time", "mysql connect",
        "mysql server has gone away", "mysqli connect", "mysqli real connect",
        "parse error syntax", "sqlstate hy000", "uncaught mysqli", "uncaught pdoexception",
        "unable to connect to database", "unable to connect to mysql",
        "apache2 default page", "apache2 debian default page", "apache2 ubuntu default page",
        "application error", "backend fetch failed", "bad gateway", "bandwidth limit exceeded",
        "cannot connect to the database", "can t connect to the database",
        "connection timed out", "could not connect to the database",
        "critical error on this website", "critical error on your website",
        "database connection error", "database connection failed",
        "database error", "encountered an unexpected error", "error 500", "error 502", "error 503",
        "error 504", "error connecting to the database", "error establishing a database connection",
        "error while processing your request", "gateway time out", "gateway timeout",
        "guru meditation", "internal server error", "it works", "no healthy upstream",
        "origin is unreachable", "resource limit is reached", "server error", "service unavailable",
        "something went wrong", "temporarily overloaded", "there is no website configured",
        "too many connections", "unable to connect to the database", "web server is down",
        "web server s default page", "welcome to nginx", "website is not available",
        "compte suspendu", "connexion à la base de données", "erreur 500", "erreur 502",
        "erreur 503", "erreur critique sur ce site", "erreur critique sur votre site",
        "erreur de base de données", "erreur de connexion à la base", "erreur interne",
        "erreur inattendue", "erreur serveur", "erreur sql", "passerelle incorrecte",
        "problème technique", "rencontré une erreur", "serveur sql", "service indisponible",
        "service temporairement indisponible", "site suspendu", "trop de connexions",
        "une erreur est survenue", "une erreur s'est produite", "error interno del servidor",
        "error al establecer una conexión con la base de datos", "خطای سرور",
    ),
    "maintenance": (
        "أعمال الصيانة", "أعمال صيانة", "الموقع تحت الإنشاء", "الموقع تحت الصيانة",
        "الموقع في وضع الصيانة", "الموقع قيد الصيانة", "الموقع متوقف مؤقتا", "الموقع مغلق مؤقتا",
        "تحت التحديث", "تحت الصيانة", "سنعود بعد قليل", "سنعود خلال", "سنعود قريبا", "صيانة الموقع",
        "صيانة مجدولة",
        "غير متاح حاليا", "غير متاح مؤقتا", "غير متوفر حاليا", "قيد الصيانة", "نعود قريبا",
        "be back online shortly", "be back shortly", "be back soon", "be right back",
        "briefly unavailable for scheduled maintenance", "coming soon", "currently unavailable",
        "down for maintenance", "offline for maintenance", "performing maintenance",
        "performing scheduled maintenance", "scheduled maintenance", "site is offline",
        "site is temporarily unavailable", "site maintenance", "site under construction",
        "temporarily closed for maintenance", "temporarily down", "temporarily offline",
        "temporarily unavailable", "undergoing maintenance", "under maintenance",
        "website maintenance", "website under construction", "maintenance mode",
        "actuellement indisponible", "bientôt de retour", "de retour bientôt",
        "de retour dans quelques", "en cours de maintenance", "en maintenance",
        "maintenance en cours", "maintenance du site", "maintenance programmée",
        "mode maintenance", "momentanément indisponible", "opération de maintenance",
        "revenez dans quelques", "site en construction", "site indisponible",
        "site inaccessible", "temporairement fermé", "temporairement inaccessible",
        "temporairement indisponible", "travaux de maintenance", "en mantenimiento",
        "volvemos pronto", "در دست تعمیر", "در حال بروزرسانی",
    ),
    "parked": (
        "النطاق للبيع", "هذا النطاق معروض للبيع", "انتهت صلاحية النطاق", "buy this domain",
        "domain expired", "domain for sale", "domain has expired", "domain is for sale",
        "domain is parked", "domain may be for sale", "domain name is for sale", "domain parking",
        "parked domain", "parked free", "this domain is available", "domaine à vendre",
        "domaine est à vendre", "domaine est en vente", "domaine expiré", "domaine a expiré",
        "nom de domaine est réservé", "page parking", "dominio en venta",
    ),
    "soft404": (
        "الصفحة التي تبحث عنها غير موجودة", "الصفحة غير متوفرة", "الصفحة غير موجودة",
        "المقال غير موجود", "لم يتم العثور على الصفحة", "article not found", "error 404",
        "file not found", "no longer available", "page cannot be found", "page could not be found",
        "page does not exist", "page not found", "page you are looking for",
        "page you requested could not", "article introuvable", "erreur 404",
        "n'existe pas ou plus", "page demandée n'existe", "page inexistante", "page introuvable",
        "page non trouvée", "page que vous cherchez", "página no encontrada", "صفحه یافت نشد",
    ),
    "stub": (
        "اضغط هنا إن لم يتم تحويلك", "تحويلك إلى", "توجيهك إلى", "جاري التحميل", "جار التحميل",
        "جاري التحويل", "سيتم تحويلك", "سيتم توجيهك", "يتم تحويلك", "يتم الآن تحويلك",
        "يرجى الانتظار", "if you are not redirected", "loading please wait", "page has moved",
        "please wait", "redirecting", "you are being redirected", "you will be redirected",
        "being redirected", "chargement en cours", "cliquez ici si vous n'êtes pas redirigé",
        "êtes redirigé", "être redirigé", "page a été déplacée", "redirection en cours",
        "redirection", "veuillez patienter", "espere por favor", "será redirigido",
    ),
}  # fmt: skip
