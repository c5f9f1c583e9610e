extension Lexicon {
    /// Number words of several languages by value. "One" is left to ``weakNumbers``.
    static let numbers: [(Double, String)] = [
        (0, "zero null nul"),
        (2, "two twice double zwei deux dos due dois duas twee två dwa два две दो"),
        (3, "three thrice triple drei trois tres tre três drie trzy три तीन"),
        (4, "four vier quatre cuatro quattro quatro fyra cztery четыре"),
        (5, "five fünf cinq cinco cinque vijf fem pięć пять"),
        (6, "six sechs seis sei zes sześć шесть"),
        (7, "seven sieben sept siete sette sete zeven sju siedem семь"),
        (8, "eight acht huit ocho otto oito åtta osiem восемь"),
        (9, "nine neun neuf nueve nove negen nio dziewięć девять"),
        (10, "ten zehn dix diez dieci dez tien tio dziesięć десять"),
        (11, "eleven elf onze undici elva"),
        (12, "twelve dozen zwölf douze doce dodici doze twaalf tolv"),
        (13, "thirteen"), (14, "fourteen"), (15, "fifteen quinze quince quindici"), (16, "sixteen"), (17, "seventeen"),
        (18, "eighteen"), (19, "nineteen"),
        (20, "twenty zwanzig vingt veinte venti vinte twintig tjugo"),
        (30, "thirty dreißig trente treinta trenta trinta dertig"),
        (40, "forty fourty vierzig quarante cuarenta"), (50, "fifty fünfzig cinquante cincuenta"),
        (60, "sixty sechzig soixante sesenta"), (70, "seventy siebzig"), (80, "eighty achtzig"), (90, "ninety neunzig"),
        (0.5, "half"), (0.25, "quarter_of"),
    ]

    static let weakNumbers: [(Double, String)] = [(1, "single")]

    static let scales: [(Double, String)] = [
        (100, "hundred hundert cien"),
        (1000, "thousand tausend mille mil тысяч тысяча"),
        (100_000, "lakh lac lakhs lacs"),
        (1_000_000, "million mio millionen millones milioni"),
        (10_000_000, "crore crores"),
        (1_000_000_000, "billion milliarde milliarden"),
        (1_000_000_000_000, "trillion"),
    ]

    static let ordinals: [(Double, String)] = [
        (2, "second"), (3, "third"), (4, "fourth"), (5, "fifth"), (6, "sixth"), (7, "seventh"),
        (8, "eighth"), (9, "ninth"), (10, "tenth"), (11, "eleventh"), (12, "twelfth"), (13, "thirteenth"),
        (14, "fourteenth"), (15, "fifteenth"), (16, "sixteenth"), (17, "seventeenth"), (18, "eighteenth"),
        (19, "nineteenth"), (20, "twentieth"), (100, "hundredth"),
    ]

    /// Roman numerals that are no English words; they count only in capitals.
    static let romans: [(Double, String)] = [
        (2, "ii"), (3, "iii"), (4, "iv"), (6, "vi"), (7, "vii"), (8, "viii"), (9, "ix"), (11, "xi"), (12, "xii"),
        (13, "xiii"), (14, "xiv"), (15, "xv"), (16, "xvi"), (17, "xvii"), (18, "xviii"), (19, "xix"), (20, "xx"),
    ]

    /// Units of measure and currencies: those of a line are one.
    static let units = """
        km kms kilometer kilometre kilometers kilometres
        mile miles mi mph
        meter metre meters metres
        cm cms centimeter centimetre centimeters centimetres
        mm millimeter millimetre
        inch inches
        foot feet ft
        yard yards yd
        kg kgs kilo kilos kilogram kilograms kilogramme
        gram grams gramme gr
        mg milligram milligrams
        mcg microgram micrograms
        pound pounds lb lbs gbp quid sterling
        ounce ounces oz
        stone stones
        tonne tonnes ton tons
        liter litre liters litres
        ml milliliter millilitre milliliters millilitres
        gallon gallons
        pint pints
        cup cups
        tablespoon tablespoons tbsp
        teaspoon teaspoons tsp
        acre acres
        hectare hectares
        celsius centigrade
        fahrenheit
        kelvin
        kb kilobyte kilobytes
        mb megabyte megabytes megs
        gb gigabyte gigabytes gigs
        tb terabyte terabytes
        mbps megabit megabits
        gbps gigabit gigabits
        hz hertz
        khz mhz ghz
        watt watts
        kw kilowatt kilowatts kwh
        volt volts
        amp amps ampere
        calorie calories kcal
        joule joules
        psi
        pascal pascals
        percent percentage pct percents
        dollar dollars usd bucks us_dollar us_dollars
        euro euros eur
        cad
        aud
        sgd
        hkd
        rupee rupees inr rs
        yen jpy
        yuan rmb cny renminbi
        franc francs chf
        peso pesos mxn
        ruble rubles rouble
        won krw
        lira
        dirham dirhams aed
        rand zar
        krona kronor kroner krone sek nok dkk
         reais brl
        bitcoin bitcoins btc
        ethereum eth ether
        cent cents
        pence penny pennies
        pixel pixels px
        """

    /// Spans of time; they may stand as units, too.
    static let spans = """
         seconds sec secs sekunde sekunden
        minute minutes min mins minuten minuto minutos
        hour hours hr hrs hourly stunde stunden heure heures hora horas ora ore
        day days daily tag tage jour jours dia dias giorno giorni
        night nights nightly
        week weeks weekly woche wochen semaine semaines semana semanas settimana
        fortnight fortnightly biweekly
        month months monthly monat monate mois mes meses mese mesi
        quarter quarters quarterly
        year years yr yrs yearly annual annually annum jahr jahre annee annees ano anos anno anni
        decade decades
        century centuries
        """

    /// Days, months, seasons, feasts, times of day: those of a line are one.
    static let dates = """
        monday mondays montag lundi lunes lunedi segunda maandag
        tuesday tue tues tuesdays dienstag mardi martes martedi terca dinsdag
        wednesday weds wednesdays mittwoch mercredi miercoles mercoledi quarta woensdag
        thursday thu thur thurs thursdays donnerstag jeudi jueves giovedi quinta donderdag
        friday fri fridays freitag vendredi viernes venerdi sexta vrijdag
        saturday saturdays samstag sonnabend samedi sabado sabato zaterdag
        sunday sundays sonntag dimanche domingo domenica zondag
        weekend weekends
        weekday weekdays workday workdays
        january jan januar janvier enero gennaio janeiro januari
        february feb februar fevrier febrero febbraio fevereiro februari
         märz
        april apr avril abril aprile
         mai
        june jun juni juin junio giugno junho
        july jul juli juillet julio luglio julho
        august aug août agosto augustus
        september sep septembre septiembre settembre setembro
        october oct oktober octobre octubre ottobre outubro
        november nov novembre noviembre novembro
        december dec dezember decembre diciembre dicembre dezembro
        spring frühling printemps primavera
        summer sommer ete verano
        autumn herbst automne otoño
        winter hiver invierno inverno
        christmas xmas weihnachten noel navidad natale
        easter ostern paques pascua
        thanksgiving
        halloween
        diwali deepavali
        ramadan ramzan
        eid
        hanukkah
        valentines valentine
        today tonight heute aujourdhui hoy oggi hoje vandaag
        yesterday gestern ayer ieri ontem gisteren
        tomorrow tmrw tomorow tommorow tomorrows demain mañana domani amanhã
        morning mornings
        noon midday lunchtime
        afternoon afternoons nachmittag
        evening evenings abend soir
        midnight
        dawn sunrise
        dusk sunset
        """

    /// Told apart where a span or a weekday follows.
    static let relatives = ["last previous past preceding", "this current", "next coming upcoming following"]
}
