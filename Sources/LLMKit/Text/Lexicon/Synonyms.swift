extension Lexicon {
    /// Words of common questions that mean much the same: those of a line are one to the guards.
    ///
    /// Written for questions to assistants and support desks. A pair that is no synonym in some trade is left out.
    static let synonyms = """
        improve enhance upgrade_skills strengthen sharpen
        learn study master practice practise
        become turn_into
        difference differ distinguish distinction differentiate contrast compare comparison different
        mean meaning definition define significance signify stand_for meant imply
        fix repair resolve solve troubleshoot sort_out solution remedy
        biggest greatest
        subject topic
        broken damaged break broke
        worker labourer
        link relation relationship connection
        middle center centre
        intelligence iq
        yes yeah yep
        upcoming forthcoming
        erase wipe
        help assist
        use utilize utilise
        load fetch
        weird strange
        delicious tasty
        sudden abrupt
        efficient effective
        requirement criterion criteria eligibility
        main key principal
        issue problem trouble difficulty error fault
        important necessary essential crucial vital needed require required importance
        example instance sample
        happen occur take_place
        huge massive
        change modify alter edit amend update switch
        choose select pick opt chose chosen
        find locate search look_for discover obtain found
        show_me see view check look watch saw seen
        cost price charge fee fare rate
        job work career employment occupation profession
        company firm business corporation organisation organization
        phone mobile cell cellphone smartphone telephone handset cellular
        computer pc laptop
        picture photo image pic photograph selfie snapshot
        movie film
        car vehicle automobile auto
        house home
        doctor physician
        lawyer attorney solicitor
        country nation
        cause reason lead_to result_in
        effect impact influence consequence
        earn make_money income
        money cash funds fund
        famous popular well_known
        beautiful pretty attractive gorgeous
        smart intelligent clever
        happy glad
        sad depressed
        angry mad
        tip trick advice suggestion recommendation recommend suggest hint
        book novel
        teach educate taught
        college university school institute uni
        exam test examination
        prepare preparation get_ready
        weight_loss lose_weight reduce_weight slim_down
        pain ache hurt
        sick ill
        medicine drug medication med
        speak talk communicate spoken converse spoke chat
        english_speaking spoken_english
        write compose wrote written
        explanation interpretation
        cell_phone mobile_phone
        app application
        program programme software
        code coding programming
        website site webpage web_page
        internet web net
        password passcode
        username user_name
        account profile
        email e_mail mail
        message text_message sms
        delivery shipping shipment dispatch
        parcel package
        refund reimbursement reimburse money_back
        cancel call_off revoke
        return send_back
        invoice bill receipt
        transfer move shift migrate migration
        verify confirm validate authenticate verification
        identity id
        replace substitute replacement
        lost missing misplaced
        stolen theft steal stole
        contact reach get_in_touch
        customer_service customer_support support_team
        eliminate get_rid_of rid
        create generate produce build develop design
        set_up setup configure configuration
        setting option preference
        run execute ran
        command instruction
        function method
        array list
        folder directory
        bug defect
        chance possibility probability likelihood odds
        life_purpose purpose_of_life
        purpose aim goal objective
        wear put_on wore worn
        cook prepare_food
        food meal dish
        eat consume ate eaten
        drink beverage drank
        trip travel journey tour
        flight plane_ticket
        hotel accommodation
        reservation booking reserve
        restaurant eatery
        vacation holiday holidays
        weather forecast
        song music track
        game gaming
        spouse partner
        salary pay wage payment paid paying
        atm cashpoint cash_machine
        exchange_rate conversion_rate
        top_up topup topping_up
        reminder remind
        schedule timetable calendar
        meeting appointment
        direction route
        distance how_far
        nearby near_me close_by
        gas petrol fuel
        tax taxes
        credit_score credit_rating
        limit maximum_amount
        expire expiry expiration
        cure treat treatment heal cured
        symptom sign
        disease illness condition
        exercise workout
        brain mind
        religion faith
        election poll
        war conflict
        army military
        crime offence
        kill murder murdered
        rule regulation
        universe cosmos
        proof prove
        calculate compute determine work_out figure_out
        equation formula
        interesting fascinating
        funny hilarious
        scary frightening
        bad worse terrible awful
        great excellent awesome amazing nice
        primary chief
        basic fundamental
        whole entire complete
        similar alike same
        quick_way fast_way
        free_of_charge free free_of_cost
        overcome deal_with handle cope tackle
        attract impress
        ask inquire enquire
        reply respond response answer
        confident confidence
        fear afraid scared phobia frightened
        wake_up get_up
        motivate motivation inspire inspiration
        addicted addiction
        concentrate focus concentration
        memorize memorise
        read reading
        grow_taller increase_height
        place spot location destination
        live reside
        area region
        town city
        street road
        startup start_up
        invest investment investing
        stock share
        immigrate immigration
        engineer engineering
        math maths mathematics mathematical
        economy economics economic
        politics political politician
        video clip
        post publish
        question query
        recover restore retrieve recovery get_back
        information info details
        backup back_up
        virus malware
        wifi wi_fi wireless_internet
        television tv telly
        amount quantity count
        total sum
        part portion section
        step stage phase
        process procedure
        color colour
        author writer
        boss manager supervisor
        colleague coworker
        retire retirement
        baby infant newborn toddler babies
        pregnant pregnancy
        birth_control contraception contraceptive
        mentally psychologically
        anxious anxiety
        tired fatigue exhausted
        headache migraine
        belly stomach tummy abdomen
        acne pimple
        legit legitimate genuine authentic
        fake counterfeit
        keep kept
        drive drove driven
        fly flew flown
        hold held
        catch caught
        bring brought
        fight fought
        sleep slept asleep
        spend spent
        meet met
        sing sang sung
        swim swam
        hear heard
        tire tyre
        grey gray
        plane airplane aeroplane aircraft
        bike bicycle
        fridge refrigerator
        couch sofa
        store shop
        garbage trash rubbish bin
        apartment flat
        luggage baggage
        lift elevator
        pants trousers
        poisonous toxic
        owner own owned
        cinema theater theatre
        gym gymnasium
        dataset data_set
        timer stopwatch
        bathroom toilet restroom washroom
        gift present
        crash collide
        weed marijuana cannabis
        advertisement ad advert
        airline airlines
        luck fortune
        cv resume
        sign_up register signup registration
        vat value_added_tax
        cop police policeman
        ocean sea
        worry worried
        hurry rush
        gas_station petrol_station filling_station
        autocorrect auto_correct
        two_factor 2fa two_step
        """

    /// Common words without an entry of their own, so that they are not taken for names.
    static let commonWords = """
        ability access accept account across act action active activity actually add addition address admin adult
        affair affect age agency agree air airport alarm album alcohol alive allow alphabet alternative amazing amount
        analysis ancient animal annual answer anxiety apartment app appear apple application apply argue arm army around
        arrange arrest art article artist ask aspect assets assignment attack attempt attend attention attitude audience
        audio available average award aware baby back background bad bag bake balance ball band bank bar base basic
        basis basket bath bathroom battery battle beach beam bean bear beat beauty bed bedroom bee beer behave behavior
        behaviour belief bell belong belt bench bend benefit best bet bicycle bike bill bird birthday bit bite black
        blade blank bleed blind blink block blog blood blow blue board boat body boil bomb bond bone bonus book boot
        border bored boring born boss bottle bottom bowl box brain branch brand bread break breast breath breathe brick
        bridge brief bright bring broken brown browser brush bubble budget bug build bulk bulb bullet burn bus bush
        busy butter button byte cable cache cake calculate calendar call calm camera camp campaign cancel cancer candle
        candidate cap capital captain car carbon card care career careful carpet carry case cat catch category cause
        cell center centre central ceremony chain chair challenge chance change channel chapter character charge chart
        chat cheat check cheese chemical chemistry chest chicken chief choice choose chord church cigarette circle
        circuit citizen city civil claim class classic clean clear clearly click climate climb clock cloth clothes cloud
        club clue coach coast coat code coffee coin collect college color colour column combination come comment
        commission commit common communication community company compare compete complain complete complex computer
        concept concern concert condition conduct conference confused connect connection consider consist constant
        construct contact contain content contest context continue contract contribute control conversation convert
        converting cook cookie cool copy core corner corporate corrupt cotton count country county couple courage course
        court cousin cover cow crash crazy cream create creative creature criminal crisis critical criticism crop cross
        crowd cry culture cup currency current curve custom customer cut cute cycle damage dance danger data database
        date day deal dear death debate debt decide decision deep default define degree delay deliver demand depend
        depth describe desert deserve design desire desk detail detect device dictionary diet digital direct direction
        dirty disaster discount discover discuss disk distance district doctor document dog domain door dose double
        doubt download draft drama draw dream dress drink drive driver drop drug due duty ear early earth eat economy
        edge edit editor education effect effective effort egg elder election electric electrical electricity electron
        electronic element email emotion emotional employ end energy engine engineer enjoy enough enter entertainment
        entire entrance environment equal equipment error escape essay essential estate estimate evening event evidence
        evil exact exam example excellent exchange excited exercise exist existence expect expense experience experiment
        expert explain explore export express extra extreme eye face fact factor factory fail fair fake fall false
        family fan fantasy far farm farmer fashion fat fault favor favorite favour favourite fear feature fee feed feel
        fellow female few fiction field fight figure file fill film filter final finance financial find finger finish
        fire fish fit fitness fix flag flash flat flavor flight float floor flow flower fluid fly focus fold folk follow
        food fool foot force foreign forest forever forget form formal format forum found frame free freedom frequency
        frequent fresh friend front fruit fuel full fun function fund funny furniture future gain game gap garage garden
        gas gate gather gear gender gene general generation gentle gift girl glass global goal god gold good government
        grade graduate grain grammar graph grass gravity great green grey ground group grow growth guarantee guess guest
        guide guitar gun guy habit hack hair half hall hand handle hang happen happy hard hardware harm hat hate head
        health healthy hear heart heat heavy height hell help hero hide high hill history hit hobby hold hole holiday
        home homework honest honey hope horror horse hospital hot hotel hour house household huge human hundred hungry
        hunt hurt husband ice idea ideal identify identity ignore image imagine immediate immigrant impact implement
        important impossible impress improve inch include income increase independent index indicate individual industry
        infection influence inform information initial injury ink insect inside install instance institute institution
        instruction instrument insurance intelligence intelligent intend interest interested interesting internal
        international internet interview introduce invent invest investment invite involve iron island issue item jacket
        jail job join joint joke journey judge juice jump junior jury justice keen keep key keyboard kick kill kind king
        kiss kitchen knee knife knock knowledge label labor labour lack ladder lady lake lamp land language laptop large
        last late laugh launch law lawyer lay layer lead leader league learn leather leave lecture left leg legal lemon
        length lesson letter level library license licence lie life lift light limit line link lion lip liquid list
        listen literature little live liver load loan local location lock logic logo lonely long look loose lose loss
        lost love low luck lucky lunch lung luxury machine magazine magic magnet main maintain majority male manage
        management manager manner manual manufacture map market marketing marriage mass massage master match mate
        material math matter maximum meal mean measure meat mechanical media medical medicine medium meet meeting
        member memory mental mention menu merchant message metal method middle midnight mile military milk mind mine
        minimum minister minor minority minute mirror miss mistake mix mobile mode model modern moment money monitor
        monkey month mood moon moral morning mortgage mother motion motor mountain mouse mouth move movement movie
        muscle museum music musical name narrow nation national native natural nature neck negative negotiate neighbor
        neighbour nerve network neutral new news newspaper nice night noise normal north nose note notice notification
        novel nuclear number nurse nut object observe occasion ocean offer office officer official oil old online open
        operate operation opinion opportunity opposite option orange order ordinary organ organic organize original
        output oven owner oxygen pace pack package page pain paint painting pair panel paper paragraph parent park
        parking part particle partner party pass passage passenger passion passport password past path patience patient
        pattern pay payment peace pen pencil pension percent perfect perform performance period permanent permission
        personal personality phase phone photo phrase physical physics piano pick picture piece pig pill pilot pin pink
        pipe pizza place plan plane planet plant plastic plate platform play player pleasure plot plug plus pocket poem
        poet point poison police policy political pollution pool poor pop popular population port position positive
        possible post pot potato potential power powerful practical practice prefer pregnant prepare presence present
        presentation president press pressure price primary principle print printer prison private prize probability
        problem process produce product production professional professor profile profit program progress project
        promise promote proof property proposal protect protection protein prove provide province public pull punish
        purchase pure purple purpose push puzzle quality quantum question queue quick quiet quote race radiation radio
        rain range rank rape rate ratio raw reach react reaction read reader ready reality realize reason receipt
        receive recent recipe record recover red refer reference refund refuse region register registration regular
        reject relate related relation relationship relative relevant religion religious remain remote remove rent
        repair repeat replace report represent republic reputation request require research reservation reset resist
        resource respect respond response rest restaurant result resume retail return reveal revenue review revolution
        reward rice rich ride ring rise risk river road rock role roll roof room root rough round route router row royal
        rubber rule ruler run rural rush sad salary sale salt sample sand save saving say scale scan scared scene
        schedule scheme scholar scholarship school science scientific scientist score screen script sea search season
        seat secret secretary section sector secure security seed seek select self senior sense sensitive sentence
        separate series serious serve server service session set settle setting sex sexual shape share sharp sheet ship
        shirt shock shoe shoot shop shopping shot shoulder shout show shower shut shy sick side sign signal significant
        silence silver similar simple sin sing singer single sink site situation size skill skin sky slave sleep slip
        slow smart smell smile smoke smoking smooth snake snow soap social society sock soft software soil solar soldier
        solid solution solve song soul sound soup source south space spam speak special speech speed spell spend spirit
        spiritual split sport spot spread spring square stable staff stage stand standard star start state statement
        station statistics status stay steal steam steel step stick stock stomach stone stop storage store storm story
        straight strange strategy stream street strength stress stretch strict strike string strong structure student
        study stuff stupid style subject submit succeed success sugar suggest suicide suit suitable summary sun supply
        support suppose surface surgery surprise survey survive suspect sweet swim switch symbol symptom system table
        tail talent talk tank tap target task taste tax taxi tea teach teacher team tear technical technique technology
        teeth temperature temple term test text theme theory thin think throat throw ticket tie tight time tip tire
        title toast today toe toilet tone tongue tool tooth top topic total touch tough tour tourist towel tower town
        toy track trade tradition traffic train training transaction transfer transform translate transport travel treat
        treatment tree trial trip truck trust truth turn twin type ugly uncle understand uniform union unique unit
        universe university update upgrade upset urban user usual vacation valley valuable value variable vary vast
        vector vegetable vehicle version video view village violence virtual virus visa visible vision visit visual
        vitamin voice volume vote wage wait wake walk wall war warm warning wash waste watch water wave weak weapon wear
        weather web website wedding weekend weigh weight weird welcome well west wet wheel white wife wild win wind
        window wine wing winner winter wire wise wish witness woman wonder wood wool word work worker workout world
        worry worse worth wound write writer writing wrong yellow yoga young youth zero zone
        abbreviation abroad absolute academic accident accountant accurate achieve acid acre activation actress
        addicted adjust admission adopt advance adventure advertise advertising affairs agent agreement algorithm
        allergy ally angel angle anime ankle announcement antibiotic anymore appearance appointment approach arrow
        artificial asset assume astronaut atmosphere atom attractive attribute auction authority autism avoid balcony
        banking bankruptcy bare barely battery beard beginner bitter blanket blogger blogging booking brave breakup
        brilliant broadband broker bully burger bypass cab calculator calorie campus candy cardio cargo cashback
        ceiling celebrate celebrity chaos charity cheek chemist childhood chip chocolate civilization clinic coaching
        cockroach collar colleague comedian comedy comfortable comic commerce commercial compiler complaint compound
        concrete consciousness constitution consultant consulting consumer contagious cop corruption counselling coupon
        crack credit cricket crypto curious curly curriculum dandruff darkness dating deadline decimal decorate
        democracy dental dentist department desktop destiny developer diabetes diamond dignity dinosaur diploma director
        dirt disability discipline discrimination disease disorder dragon drawing drill drone drunk dust earthquake
        ecommerce economics eligible email embarrassing emotion empire employee engage entrepreneur equity essay ethics
        evolution exception expectation explosion exposure facial failure faithful fame farming fascinate feedback
        fever fiber finance fitness forecast fraud freelance freelancer frequency fridge furnace galaxy gambling garbage
        genetic genius ghost giant glasses gluten golf gossip graphic graphics grave gravity greatest guilty gym haircut
        handwriting happiness headphone hearing heaven helicopter hello herb hidden hiking homeless hormone humanity
        humor humour hunger hurricane hygiene hypothesis illness imagination immigration immune infinite inflation
        ingredient injection innovation insight inspiration installment instant interact interface intern internship
        introvert invisible invitation ionic islamic itchy jealous jeans jewelry jogging journal journalist kidney
        kindness landing lazy leadership leak leaf lease lender lens liberal lifestyle lightning literally loan logic
        lotion loud loyalty lyrics mainstream makeup mankind mathematics maturity meaning meditation melody meme
        merger microwave mindset miracle missile molecule monthly motivation motorcycle mystery myth nail navigation
        neuron nightmare nutrition obese obesity online outfit outsource overweight packet pandemic paradox paragraph
        passive pasta patent payroll penalty perception perfume phenomenon philosophy photography pimple placement
        pleasant podcast politics porn portfolio poverty prayer prediction pregnancy preparation presidential prime
        privacy procrastination professor programmer psychology puberty pulse qualification quantum quit racism racist
        rapid rating reality rebel recession recruitment refugee regret relax remedy renewable rental reservation
        resignation retirement rhyme roommate rumor sacred safety salon satellite sauce scam scandal scholarship
        screenshot sculpture semester seminar shampoo sibling sleepy smartphone snack soccer software soldier somehow
        sour spouse stain startup statue steak stereotype stomach streaming strip subject surgery survival swimming
        talent tattoo teenager temple terrorism terrorist tesla therapist therapy thirsty thought threat throat thunder
        toxic trailer transgender trauma trend tribe triangle trick tumor tutorial tutor twin ulcer unemployed
        unemployment unit urine vaccine vein vegetarian veteran victim virgin virginity volcano volunteer voter vowel
        wallet warranty wealth wedding whale wifi wisdom wireless workplace worm wrist yield zodiac
        banana tomato onion garlic carrot lemon lime peach pear grape cherry strawberry blueberry mango melon pineapple
        coconut almond peanut walnut cashew spinach lettuce cabbage broccoli cucumber pepper mushroom pumpkin corn wheat
        oats barley rye lentil chickpea tofu yogurt yoghurt cheddar mozzarella bacon ham pork beef lamb turkey_meat duck
        salmon tuna shrimp prawn crab lobster oyster noodle spaghetti lasagna pancake waffle muffin biscuit pie pudding
        vinegar mustard ketchup mayonnaise cinnamon ginger turmeric basil oregano parsley thyme rosemary cumin paprika
        puppy kitten hamster rabbit parrot goldfish spider mosquito ant butterfly tiger lion elephant giraffe wolf fox
        deer shark dolphin penguin eagle owl crow chicken goose sheep goat donkey
        """
}
