extension Lexicon {
    /// Words that ask for the opposite of each other: "enable / disable". Those on one side mean the same.
    static let opposites = """
        enable activate / disable deactivate
        increase raise boost grow rise enlarge growing / decrease reduce diminish shrink lessen minimise
        buy purchase bought / sell sold
        open opened opening reopen / close closed closing shut
        lock locked locking / unlock unlocked
        before prior / after afterwards
        above / below beneath underneath
        maximum max maximal maximize / minimum minimal
        import importing / export exporting
        cheapest cheap cheaper inexpensive affordable / expensive costly pricey dearest most_expensive
        fastest faster quickest quicker / slowest slower slow
        start begin began starting launch / stop end finish halt quit ending
        allow permit allowed whitelist / block forbid prohibit ban deny disallow blacklist banned
        add insert append / remove delete erase subtract
        send sending sent transmit / receive receiving received
        deposit paying_in / withdraw withdrawal withdrawals withdrawing
        debit / credit
        left leftmost / right rightmost
        upload uploading / download downloading
        push / pull
        install / uninstall
        connect / disconnect
        attach / detach
        encrypt encryption / decrypt decryption
        encode / decode
        compress zip / decompress unzip extract
        subscribe / unsubscribe
        follow / unfollow
        mute silence / unmute
        show display unhide reveal / hide conceal
        accept approve approved / reject decline declined rejected
        win won winning / lose losing
        gain / loss
        profit profits / losses
        hire hiring recruit / dismiss sack layoff
        lend lending / borrow borrowing
        odd / even
        best / worst
        ascending / descending
        log_in login sign_in logon log_on signin / log_out logout sign_out log_off logoff signout
        check_in checkin / check_out_of checkout
        arrive arrival arrivals arriving / depart departure departures
        enter entry entering / exit leave leaving
        inbound incoming / outbound outgoing
        input inputs / output outputs
        internal / external
        inside indoors indoor / outside outdoors outdoor
        public / private
        positive / negative
        active / inactive
        online / offline
        hot warm hotter / cold cool colder
        heat heating / cooling cool_down
        high higher highest / low lower lowest
        big bigger biggest large larger largest / small smaller smallest little tiny
        tall taller tallest / shorter shortest
        long longer longest / short
        old older oldest / young younger youngest newest
        early earlier earliest / late later
        strong stronger strongest / weak weaker weakest
        hard harder hardest difficult tough / easier easiest simplest
        rich wealthy richest / poor poorest
        safe safer safest secure / dangerous unsafe insecure hazardous harmful risky
        healthy healthiest / unhealthy
        legal lawful / illegal unlawful
        full / empty
        thick thicken / thin thinning
        wet moist / dry
        light lighter lightest / heavy heavier heaviest
        bright brighten brighter / dark darken darker
        deep / shallow
        wide wider / narrow
         nearest closest / farthest furthest
        upgrade upgrading / downgrade downgrading
        include including / exclude excluding except
        encourage / discourage
        remember recall / forget forgot forgotten
        love like / hate dislike
        well / unwell
        advantage advantages pros benefit benefits / disadvantage disadvantages cons drawback drawbacks
        strength strengths / weakness weaknesses
        succeed success successful / failure unsuccessful
        pass passed passing / flunk
        alive living / dead died
        birth born / death die
        marry marriage married / divorce divorced
        male / female
        man men guy guys gentleman / woman women lady ladies
        boy / girl
        husband / wife
        father dad / mother mom mum
        son / daughter
        brother / sister
        uncle / aunt
        king / queen
        prince / princess
        actor / actress
        grandfather grandpa / grandmother grandma
        boyfriend / girlfriend
        nephew / niece
        groom / bride
        north northern / south southern
        east eastern / west western
        import_tax / export_tax
        employer employers / employee employees
        landlord landlords / tenant tenants renter
        buyer buyers / seller sellers vendor
        teacher teachers / student students pupil
        plaintiff / defendant
        client clients / server servers
        parent parents / child children kid kids
        host / guest
        supply / demand
        import_from / export_to
        multiply multiplication / divide division
        addition / subtraction
        numerator / denominator
        acid acidic / alkaline
        expand expanding expansion / collapse contraction
        horizontal horizontally landscape_mode / vertical vertically portrait_mode
        clockwise / counterclockwise anticlockwise
        forward forwards / backward backwards
        freeze freezing frozen / thaw defrost unfreeze melt
        inflate inflation / deflate deflation
        merge join combine / split separate
        lend_to / borrow_from
        build / destroy demolish
        save / discard
        mount / unmount
        wrap / unwrap
        pack / unpack
        tie / untie
        plug / unplug
        dress / undress
        pin / unpin
        tag / untag
        link / unlink
        archive / unarchive
        hypertension / hypotension
        hyperglycemia / hypoglycemia
        hyperthyroidism / hypothyroidism
        bullish bull / bearish
        optimist optimistic / pessimist pessimistic
        major / minor
        senior / junior
        domestic / international foreign
        wholesale / retail
        fixed / variable
        manual manually / automatic automatically
        temporary temporarily / permanent permanently
        synchronous sync / asynchronous async
        lossless / lossy
        serial / parallel
        prefix / suffix
        ingress / egress
        breakfast / dinner
        raw uncooked / cooked
        vegan vegetarian / meat
        always / seldom rarely
        together / apart
        agree / disagree
        appear / disappear
        pro / anti
        pay_in / pay_out
        credit_card / debit_card
        upstairs / downstairs
        winner / loser
        victory / defeat
        attack / defend defense defence
        friend friends / enemy enemies
        ancestor ancestors / descendant descendants
        predecessor / successor
        """

    /// Particles that turn a verb round; they count only where one text has the one and the other its opposite.
    static let particles = [("on", "off"), ("in", "out"), ("up", "down"), ("over", "under")]
}
