/// A language that guards can tell; `unknown` unless they are sure.
enum TextLanguage: UInt8, CaseIterable, Sendable {
    case unknown
    /// Not English.
    case foreign
    case english
    case german
    case french
    case spanish
    case portuguese
    case italian
    case dutch
    case swedish
    case danish
    case norwegian
    case polish
    case czech
    case romanian
    case hungarian
    case finnish
    case turkish
    case indonesian
    case vietnamese
    case hinglish
    // Told by their scripts, some with the help of single letters.
    case greek
    case russian
    case ukrainian
    case hebrew
    case arabic
    case persian
    case hindi
    case bengali
    case tamil
    case telugu
    case thai
    case korean
    case japanese
    case chinese
}

extension TextLanguage {
    /// Whether two texts of these languages cannot be in the same one.
    func excludes(_ other: TextLanguage) -> Bool {
        if self == other || self == .unknown || other == .unknown { return false }
        if self == .foreign { return other == .english }
        if other == .foreign { return self == .english }
        return true
    }
}

extension Lexicon {
    /// The commonest words of languages written in Latin letters, diacritics folded.
    static let stopWords: [(TextLanguage, String)] = [
        (
            .english,
            """
            the a an is are was were do does did what how why when where who which can could should would will my your
            i you it of to in for with and or if from on at by not be have has this that there about between
            """
        ),
        (
            .german,
            """
            der die das den dem des ein eine einen einem einer ist sind war wie was warum wann wo wer welche welcher
            welches kann koennen konnen ich du wir ihr nicht kein mein meine meinen dein mit und oder fur von zu zum zur
            auf im am bei nach aus uber es gibt man mir mich haben habe hat werden wird soll muss sich
            """
        ),
        (
            .french,
            """
            le la les un une des du de est sont comment pourquoi quand ou qui que quel quelle quels quelles je tu il
            elle nous vous mon ma mes ton votre ne pas et avec pour dans sur au aux en ce cette puis peut faire suis ai
            quoi combien se sans moi entre
            """
        ),
        (
            .spanish,
            """
            el la los las un una unos de del es son como por que cuando donde quien cual cuales yo mi mis tu su no y o
            con para en al se puedo puede hacer hay esta estan soy tengo cuanto cuantos cuesta sin lo le entre mejor
            """
        ),
        (
            .portuguese,
            """
            o a os as um uma do da dos das de e sao como por porque que quando onde quem qual quais eu meu minha seu nao
            com para em no na ao se posso pode fazer ha esta estao sou tenho quanto quantos sem mais entre voce foi
            """
        ),
        (
            .italian,
            """
            il lo la gli le un una di del della dei delle e sono come perche che quando dove chi quale quali io mio mia
            tuo non con per in al alla si posso puo fare ho sei quanto quanti senza piu tra nel da cosa
            """
        ),
        (
            .dutch,
            """
            de het een is zijn hoe waarom wanneer waar wie wat welke kan ik jij je mijn niet geen en of met voor van in
            op aan te bij uit over er naar dit dat moet heb hebben wordt zonder tussen
            """
        ),
        (
            .swedish,
            """
            och att det ar en ett jag du hur varfor nar vem vad vilken vilka kan min mitt mina inte med for av pa till
            om fran ska har som den utan mellan finns
            """
        ),
        (
            .danish,
            """
            og at det er en et jeg du hvordan hvorfor hvornar hvem hvad hvilken hvor kan min mit mine ikke med for af pa
            til om fra skal har som den uden mellem
            """
        ),
        (
            .norwegian,
            """
            og a det er en et jeg du hvordan hvorfor nar hvem hva hvilken hvor kan min mitt mine ikke med for av pa til
            om fra skal har som den uten mellom
            """
        ),
        (
            .polish,
            """
            jest sa jak dlaczego kiedy gdzie kto co ktory ktora moge mozna czy nie moj moja moje i oraz z w na do od po
            za ze sie mam byc bez miedzy dla przez ile
            """
        ),
        (
            .czech,
            """
            je jsou jak proc kdy kde kdo co ktery ktera muzu mohu ne muj moje a nebo s v na do od po za ze se mam byt
            bez mezi pro kolik jaky jaka jake
            """
        ),
        (
            .romanian,
            """
            este sunt cum de ce cand unde cine care pot eu meu mea nu si sau cu in pe la din pentru un o ale cat cati
            fara intre mai
            """
        ),
        (
            .hungarian,
            """
            a az egy van hogyan miert mikor hol ki mi melyik lehet en te nem es vagy meg mennyi hany kell mit milyen
            """
        ),
        (
            .finnish,
            """
            on ovat miten miksi milloin missa kuka mika mitka voiko voin mina sina ei ja tai kuinka mita onko paljonko
            """
        ),
        (
            .turkish,
            """
            ve bir bu nasil neden nicin ne zaman nerede kim hangi miyim mi mu midir benim icin ile degil var yok kac
            olarak mi nedir gibi
            """
        ),
        (
            .indonesian,
            """
            dan yang di ke dari apa bagaimana mengapa kapan dimana siapa saya kamu tidak bisa dengan untuk ini itu
            adalah cara berapa kenapa apakah
            """
        ),
        (.vietnamese, "la cua va toi co khong nhu the nao tai sao khi o dau ai gi lam cho"),
        (
            .hinglish,
            "kya kaise kyun kab kahan kaun hai hain mein ka ki ke ko se mera meri mujhe nahi aur kare karna karen kitna"
        ),
    ]
}
