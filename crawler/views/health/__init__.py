"""How the watch and its installation are: ``rasd status`` and ``rasd doctor``, data first."""
