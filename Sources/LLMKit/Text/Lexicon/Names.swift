extension Lexicon {
    /// Countries, with their adjectives and what else they go by; then states, regions and cities.
    static let places = """
        afghanistan afghan
        albania albanian
        algeria algerian
        argentina argentine argentinian
        armenia armenian
        australia australian aussie
        austria austrian
        azerbaijan
        bahrain
        bangladesh bangladeshi
        belarus
        belgium belgian
        bolivia
        bosnia bosnian
        brazil brazilian
        bulgaria bulgarian
        cambodia
        cameroon
        canada canadian
        chile chilean
        china chinese
        colombia colombian
        congo
        costa_rica
        croatia croatian
        cuba cuban
        cyprus
        czech czechia czech_republic
        denmark danish
        dominican_republic
        ecuador
        egypt egyptian
        el_salvador
        england
        estonia estonian
        ethiopia ethiopian
        fiji
        finland finnish
        france french
        georgia georgian
        germany german
        ghana
        greece greek
        guatemala
        haiti
        honduras
        hong_kong
        hungary hungarian
        iceland icelandic
        india indian
        indonesia indonesian
        iran iranian
        iraq iraqi
        ireland irish
        israel israeli
        italy italian
        ivory_coast
        jamaica jamaican
        japan japanese
        jordan
        kazakhstan
        kenya kenyan
        kuwait
        kyrgyzstan
        laos
        latvia latvian
        lebanon lebanese
        libya
        lithuania lithuanian
        luxembourg
        madagascar
        malaysia malaysian
        maldives
        mali
        malta
        mauritius
        mexico mexican
        moldova
        monaco
        mongolia
        montenegro
        morocco moroccan
        mozambique
        myanmar burma
        namibia
        nepal nepali nepalese
        netherlands dutch holland
        new_zealand nz
        nicaragua
        niger
        nigeria nigerian
        north_korea
        norway norwegian
        oman
        pakistan pakistani
        palestine palestinian
        panama
        paraguay
        peru peruvian
        philippines filipino philippine
        poland
        portugal portuguese
        qatar
        romania romanian
        russia russian
        rwanda
        saudi_arabia saudi ksa
        scotland scottish
        senegal
        serbia serbian
        singapore
        slovakia slovak
        slovenia
        somalia
        south_africa
        south_korea korea korean
        spain spanish
        sri_lanka
        sudan
        sweden swedish
        switzerland swiss
        syria syrian
        taiwan taiwanese
        tanzania
        thailand thai
        tibet
        tunisia
        turkey turkish
        uganda
        ukraine ukrainian
        united_arab_emirates uae emirates
        united_kingdom uk britain british great_britain
        united_states usa america american americans united_states_of_america
        uruguay
        uzbekistan
        vatican
        venezuela venezuelan
        vietnam vietnamese
        wales welsh
        yemen
        zambia
        zimbabwe
        africa african
        asia asian
        europe european eu
        antarctica
        alabama
        alaska
        arizona
        arkansas
        california
        colorado
        connecticut
        delaware
        florida
        hawaii
        idaho
        illinois
        indiana
        iowa
        kansas
        kentucky
        louisiana
        maine
        maryland
        massachusetts
        michigan
        minnesota
        mississippi
        missouri
        montana
        nebraska
        nevada
        new_hampshire
        new_jersey
        new_mexico
        north_carolina
        south_carolina
        north_dakota
        south_dakota
        ohio
        oklahoma
        oregon
        pennsylvania
        rhode_island
        tennessee
        texas
        utah
        vermont
        virginia
        wisconsin
        wyoming
        ontario
        quebec
        alberta
        british_columbia
        bavaria
        sicily
        tuscany
        punjab
        kerala
        gujarat
        maharashtra
        karnataka
        tamil_nadu
        bihar
        kashmir
        abu_dhabi
        amsterdam
        ankara
        athens
        atlanta
        auckland
        austin
        baghdad
        bali
        baltimore
        bangalore bengaluru
        bangkok
        barcelona
        beijing peking
        beirut
        belfast
        belgrade
        berlin
        bogota
        bordeaux
        boston
        brisbane
        brussels
        bucharest
        budapest
        buenos_aires
        cairo
        cape_town
        caracas
        casablanca
        charlotte
        chennai madras
        chicago
        cleveland
        cologne
        copenhagen
        dallas
        damascus
        delhi new_delhi
        denver
        detroit
        dhaka
        doha
        dubai
        dublin
        edinburgh
        florence
        frankfurt
        geneva
        glasgow
        goa
        hamburg
        hanoi
        helsinki
        hiroshima
        houston
        hyderabad
        islamabad
        istanbul
        jaipur
        jakarta
        jerusalem
        johannesburg
        kabul
        karachi
        kathmandu
        kiev kyiv
        kolkata calcutta
        kuala_lumpur
        kyoto
        lagos
        lahore
        las_vegas vegas
        leeds
        lima
        lisbon
        liverpool
        london
        los_angeles
        lucknow
        lyon
        madrid
        manchester
        manila
        marseille
        mecca
        melbourne
        memphis
        miami
        milan
        milwaukee
        minneapolis
        minsk
        montreal
        moscow
        mumbai bombay
        munich
        nagoya
        nairobi
        naples
        nashville
        new_orleans
        new_york nyc new_york_city
        osaka
        oslo
        ottawa
        oxford
        cambridge
        paris
        perth
        philadelphia
        phoenix
        pittsburgh
        portland
        porto
        prague
        pune
        rio_de_janeiro rio
        riyadh
        rome
        rotterdam
        sacramento
        salt_lake_city
        san_antonio
        san_diego
        san_francisco sf
        san_jose
        santiago
        sao_paulo
        sarajevo
        seattle
        seoul
        seville
        shanghai
        shenzhen
        sofia
        stockholm
        sydney
        taipei
        tallinn
        tampa
        tashkent
        tbilisi
        tehran
        tel_aviv
        tokyo
        toronto
        turin
        tunis
        vancouver
        venice
        verona
        vienna
        vilnius
        warsaw
        washington
        wellington
        zagreb
        zurich
        heathrow
        gatwick
        stansted
        himalayas
        everest
        kilimanjaro
        alps
        andes
        amazon_river
        nile
        danube
        rhine
        thames
        ganges
        pacific
        atlantic
        mediterranean
        caribbean
        mars
        venus
        jupiter
        saturn
        mercury
        uranus
        neptune
        pluto
        moon
        """

    /// Companies and products, languages for people and for machines; those of a line are one.
    static let things = """
        adidas
        adobe
        airbnb
        alexa
        alibaba
        aliexpress
        amazon
        amd
        amex american_express
        android
        angular
        ansible
        apple
        asus
        audi
        aws amazon_web_services
        azure
        bing
        bitbucket
        bluetooth
        bmw
        boeing
        airbus
        braintree
        burger_king
        canva
        chase
        chatgpt gpt
        chrome
        chromecast
        cisco
        citibank
        claude
        gemini
        cloudflare
        cocacola coca_cola coke
        costco
        cypress
        dell
        discord
        disney
        docker
        dropbox
        duolingo
        ebay
        elasticsearch
        etsy
        excel
        expedia
        facebook fb
        fedex
        ferrari
        figma
        firefox
        firebase
        fiverr
        flipkart
        ford
        gcp google_cloud
        github
        gitlab
        gmail
        google
        grafana
        hdfc
        heroku
        honda
        hotmail
        hp
        huawei
        hulu
        hyundai
        ibm
        icici
        ikea
        imessage
        indesign
        infosys
        instagram insta ig
        intel
        ios
        ipad
        iphone
        itunes
        jenkins
        jetbrains
        jira
        kafka
        keras
        kia
        kindle
        klarna
        kubernetes k8s
        lenovo
        lg
        linkedin
        linux
        lufthansa
        lyft
        macos mac os_x
        macbook
        mastercard
        mcdonalds mcdonald
        mercedes
        messenger
        microsoft ms
        mongodb mongo
        monzo
        mozilla
        mysql
        mariadb
        netflix
        nginx
        nike
        nintendo
        nissan
        nokia
        notion
        nvidia
        openai
        oracle
        outlook
        paypal
        paytm
        pepsi
        photoshop
        illustrator
        pinterest
        pixel_phone
        playstation
        porsche
        postgres postgresql
        powerpoint
        prometheus
        pytorch
        quora
        rabbitmq
        react
        reddit
        redis
        revolut
        roku
        rolex
        ryanair
        safari
        salesforce
        samsung
        sap
        shopify
        siri
        skype
        slack
        snapchat snap
        sony
        sonos
        spotify
        sqlite
        square
        stackoverflow stack_overflow
        starbucks
        steam
        stripe
        svelte
        target
        tcs
        telegram
        tensorflow
        terraform
        tesco
        tesla
        tiktok
        tinder
        toyota
        trello
        twitch
        twitter
        uber
        ubuntu
        debian
        fedora
        unilever
        ups
        usps
        dhl
        venmo
        visa_card
        vodafone
        volkswagen vw
        volvo
        vue
        walmart
        wechat
        wells_fargo
        whatsapp
        wikipedia
        windows
        wix
        woocommerce
        wordpress
        xbox
        xiaomi
        yahoo
        youtube yt
        zelle
        zomato
        zoom
        numpy
        pandas
        matplotlib
        django
        flask
        rails
        laravel
        spring_boot
        webpack
        vite
        npm
        yarn
        pip
        conda
        cargo
        maven
        gradle
        apache
        python py
        java
        javascript js
        typescript
        kotlin
        swift
        rust
        golang
        ruby
        php
        perl
        haskell
        scala
        clojure
        erlang
        elixir
        fortran
        cobol
        matlab
        julia
        lua
        bash
        powershell
        html
        css
        sql
        json
        xml
        yaml
        csv
        pdf
        english
        arabic
        hindi
        mandarin
        cantonese
        bengali
        urdu
        tamil
        telugu
        swahili
        latin
        hebrew
        persian farsi
        esperanto
        catalan
        christianity christian christians
        islam islamic muslim muslims
        hinduism hindu hindus
        buddhism buddhist buddhists
        judaism jewish jew jews
        sikh sikhism
        catholic catholicism
        protestant
        ibuprofen advil
        paracetamol acetaminophen tylenol
        aspirin
        naproxen aleve
        amoxicillin
        penicillin
        insulin
        metformin
        lisinopril
        atorvastatin
        xanax
        prozac
        zoloft
        adderall
        ritalin
        melatonin
        caffeine
        warfarin
        omeprazole
        prednisone
        hydrogen
        helium
        lithium
        carbon
        nitrogen
        oxygen
        sodium
        magnesium
        aluminium aluminum
        silicon
        potassium
        calcium
        iron
        copper
        zinc
        silver
        gold
        mercury_metal
        uranium
        plutonium
        lead_metal
        nickel
        platinum
        covid coronavirus
        influenza flu
        malaria
        measles
        hiv aids
        ebola
        tuberculosis
        chickenpox
        cholera
        shakespeare
        dickens
        tolstoy
        einstein
        newton
        darwin
        galileo
        beethoven
        mozart
        bach
        picasso
        van_gogh
        monet
        napoleon
        hitler
        stalin
        lenin
        churchill
        gandhi
        mandela
        lincoln
        obama
        trump
        clinton hillary
        biden
        putin
        modi
        merkel
        bush
        kennedy
        reagan
        messi
        ronaldo
        beyonce
        madonna
        batman
        superman
        spiderman
        football
        cricket
        tennis
        basketball
        baseball
        hockey
        rugby
        volleyball
        badminton
        """

    /// First names that are no common words.
    static let people = """
        adam adrian ahmed aisha alan albert alejandro alex alexander alice alicia alison amanda amelia amy ana andrea
        andrew angela anita anna anne anthony antonio arjun arthur barbara benjamin bernard beth betty bob brenda brian
        bruce carl carlos carmen carol caroline catherine charles chris christina christine christopher claire clara
        daniel dave david deborah dennis diana diego donald donna dorothy douglas edward elena elizabeth ella ellen
        emily emma eric erik ethan eva fatima felix fernando francis frank fred gabriel gary george gloria greg
        hannah hans harold harry heather helen henry howard hugo ian ibrahim ingrid irene isaac isabel isabella ivan
        jack jacob jake james jane janet jason jennifer jeremy jerry jessica jim joan joe john johnny jonathan jorge
        jose joseph joshua juan judith julian julie karen karl kate katherine kathy keith kelly kenneth kevin kim kyle
        larry laura lauren lee leo leon leonard lily linda lisa louis louise lucas lucy luis luke maria marie martha
        martin mary matthew megan melissa michael michelle miguel mike mohammed mohamed muhammad monica nancy natalie
        nathan nicholas nicole nina noah oliver olivia omar oscar pablo pamela patricia patrick paul pedro peter philip
        priya rachel rahul rajesh ralph raymond rebecca richard robert roberto roger ronald rosa ryan samantha samuel
        sandra sara sarah scott sean sergei sharon simon sophia sophie stephanie stephen steve steven stuart susan
        tanya teresa thomas tim timothy tom tony tyler valentina vanessa victor victoria vincent vladimir walter wendy
        william yusuf zoe
        """
}
