extension Lexicon {
    /// Words that phrasings of one question have or lack at random: they do not count for the frame.
    static let silentWords = "a an the is are am was were be do does did that my your"

    /// English words that carry grammar rather than meaning. They count for the frame of a sentence only.
    static let functionWords = """
        what which these those is are was were be been being am do does did doing done have has had having will would
        shall should could can may might must ought just really very actually so too also quite rather ever still
        already yet any some every each either such own there here it its they them their theirs we us our ours your
        yours my mine his hers itself themselves himself herself myself yourself ourselves ur then well now though
        although while because since if whether until unless else gonna wanna gotta let lets something anything
        someone somebody anyone anybody everyone everybody possible however thus therefore regarding concerning
        basically simply currently exactly generally usually actual certain various several lot lots bit sorts etc ie
        eg per upon during among across along around near behind beside besides toward towards onto out up down off
        kindly again back all other others another same one ones only properly correct correctly rightly anyway im
        ive id ill youre whats hows wheres whos thats theres possibly perhaps maybe once both but sure please
        someones anyones everyones somebodys teh hte adn wich whitch whcih waht hwo cna becuase whatever whichever soon later ago especially mostly mainly truly ok okay
        """

    /// Words of little meaning: they count only against a word with meaning in the same place of the same sentence.
    static let lightWords = """
        get got getting gets go going goes gone went make makes making made give gives giving given take takes taking
        took taken use used using uses need needs needed want wants wanted like try trying tried put puts putting
        come comes came happen happens happened feel feels think thinks thought thinking know knows believe look
        looks looking seem seems people person persons best good better proper right fast quickly easy easily real
        true way ways thing things kind kinds sort type types different specific particular able many much more most
        less least often even
        """

    /// Words with a meaning that another wording of the question may leave out: "your current address", "the steps to".
    static let mildWords = """
        mean means meaning become becomes became becoming keep keeps kept keeping start starts started begin available
        actual current existing new own common various usual normal typical possible recent quick quicker quickest
        fastest faster slow considered anymore steps step tips suggest recommend show overall whole full exact
        considering currently online simple simply easier basic time allowed required find offer offers running take_place takes_place taking_place
        """

    /// Words that only make a question friendlier.
    static let politeWords = """
        please pls plz plss thanks thank thx ty hi hello hey dear sir madam mate guys buddy sorry excuse kindly tell
        explain describe wondering wonder curious question help helping advice advise assist assistance say hi greetings
        yo um uh hmm lol telling explaining would_you_mind do_you_mind let_me_know letting_me_know
        thanks_in_advance thank_you_in_advance many_thanks thank_you_so_much thank_you_very_much much_appreciated
        any_help_is_appreciated any_help_would_be_appreciated have_a_nice_day have_a_good_day have_a_great_day
        have_a_lovely_day have_a_nice_weekend have_a_good_weekend hope_you_can_help hope_you_are_well
        hope_you_are_doing_well hope_all_is_well hope_this_finds_you_well quick_question one_quick_question just_a_quick_question just_a_quick_one a_quick_one a_quick_question
        sorry_to_bother_you sorry_to_trouble_you long_time_user long_time_customer long_time_listener first_time_user
        first_time_here new_here just_wondering out_of_curiosity just_out_of_curiosity hi_there hello_there hey_there hey_everyone hi_everyone hi_all
        good_morning good_afternoon good_evening kind_regards best_regards cheers appreciate_it i_appreciate_it
        """

    /// The prepositions whose objects must not swap places, by what they make of them.
    static let roles: [(TraitRole, String)] = [
        (.from, "from out_of"),
        (.to, "to into onto unto towards toward"),
        (.than, "than"),
        (.before, "before prior_to"),
        (.after, "after"),
        (.by, "by"),
        (.with, "with alongside together_with along_with"),
        (.as, "as"),
        (.for, "for"),
        (.of, "of"),
        (.over, "over above on_top_of"),
        (.at, "in on at inside within under beneath below"),
        (.also, "and or vs versus between nor"),
        (.against, "against"),
        (.through, "via through"),
        (.instead, "instead_of rather_than in_place_of"),
        (.about, "about"),
    ]

    /// Question words: each its bit, and those that ask for the same share one.
    static let questions = [
        "who whom whose which_person what_person", "when what_time in_what_year what_year what_date",
        "where what_place what_location",
        "why how_come what_reason which_reason what_makes", "how how_on_earth how_in_the_world how_the_hell",
        "how_many how_much how_expensive", "how_long how_much_time", "how_old at_what_age what_age", "how_far",
        "how_often how_many_times",
        "how_big how_large", "how_tall how_high", "how_heavy", "how_fast",
    ]

    /// Words that turn a statement round.
    static let negations = """
        not never no impossible cannot cant without neither none nobody nothing nowhere dont doesnt didnt isnt arent
        wasnt werent wont wouldnt shouldnt couldnt hasnt havent hadnt aint nope unable nor hardly refuse refuses
        refused fail fails failed failing
        """

    /// The same in other languages.
    static let foreignNegations = """
        nicht kein keine keinen keinem keiner nie niemals ohne
        ne pas jamais sans aucun aucune
        nunca sin ninguno ninguna tampoco jamas
        non mai senza nessun nessuno nessuna
        nao sem nenhum nenhuma
        niet geen nooit zonder
        inte ingen inga aldrig utan ikke ingen aldri uten aldrig uden
        nie bez nigdy brak zadnego
        degil yok hicbir asla
        не нет нельзя никогда без ни ані немає ніколи
        δεν μην χωρις χωρίς ποτέ ποτε όχι
        لا ليس لم لن بدون ليست
        नहीं मत बिना
        לא אין בלי
        안 못 없이 없는 없나요 않는
        不 没 無 无 別 别 未 非
        khong tidak bukan tanpa jangan
        """

    /// Words that make a negation before them say nothing: "I don't know how", "not only".
    static let hollowAfter = "know understand sure only just matter doubt idea mention remember if"
    /// Words that make a negation after them say nothing: "or not", "why not".
    static let hollowBefore = "or why whether if"

    /// I, you, he and she: the subject first, then the object.
    static let pronouns: [(String, String)] = [
        ("i", "me"), ("he", "him"), ("she", "her"), ("we", "us"), ("they", "them"), ("you", ""), ("u", ""),
    ]

    /// Particles that turn a verb round; they count only where one text has the one and the other its opposite.
    static let particles = [("on", "off"), ("in", "out"), ("up", "down"), ("over", "under")]
}
