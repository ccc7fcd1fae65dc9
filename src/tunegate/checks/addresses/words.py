"""The words that streets, units and places are told by, in the languages of their countries."""


def _listed(block: str) -> frozenset[str]:
    return frozenset(block.split())


# What an English street ends in, and nothing else does after a number: USPS Publication 28, C1,
# and the Royal Mail's and Canada Post's.
STREET_TYPES = _listed("""
street str avenue ave av boulevard blvd road rd parkway pkwy highway hwy expressway expy freeway
turnpike tpke crescent cres terrace causeway broadway esplanade gardens mews highroad wharf lanes
stravenue trafficway throughway roadway driveway
laneway marg chowk ganj nagar
""")
# These are other things as well: "2 hard drive", "the other way", "3 people in one place".
DOUBTFUL_TYPES = _listed("""
st drive dr lane ln way place pl court ct circle cir square sq trail trl close alley aly loop walk
row run pass path pike plaza grove grv ridge rdg view crossing xing parade quay rise chase vale
bypass circuit cct mount gate heights hts green common commons cove manor
crest bend branch point landing terr tce rd. expwy sqr
""")
# And these hardly ever are a street: it takes a large number and capital letters.
RARE_TYPES = _listed("""
bridge brook brooks burg camp canyon cape center centers centre circles cliff cliffs club corner
corners course courts coves creek curve dale dam divide drives estate estates extension falls ferry
field fields flat flats ford fords forest forge forges fork forks fort garden gateway glen glens
greens groves harbor harbour harbors haven hill hills hollow inlet island islands isle junction key
keys knoll knolls lake lakes land light lights loaf lock locks lodge mall manors meadow meadows mill
mills mission motorway mountain mountains neck orchard oval overpass park parks parkways passage
pine pines plain plains plazas points port ports prairie radial ramp ranch rapid rapids rest ridges
river roads route shoal shoals shore shores skyway spring springs spur squares station stream
streets summit trace track trailer tunnel underpass union unions valley valleys via viaduct views
village villages ville vista walks wall ways well wells rue
""")
DIRECTIONS = _listed("""
north south east west northeast northwest southeast southwest n s e w ne nw se sw n. s. e. w. n.e.
n.w. s.e. s.w.
""")
# Words that do not stand between a house number and the type of its street.
NOT_NAMES = _listed("""
of take takes taking took via yard yards side sides fast
    a an the and or to is are was were at in on by for from with my your our his her their its
    we i you he she it they this that these those minute minutes min mins hour hours hr hrs day
    days week weeks month months year years second seconds mile miles km meter meters metre
    metres feet foot ft block blocks people person persons star stars percent times time more
    other different way ways lane car cars bedroom bedrooms bed beds bath baths item items order
    orders ticket tickets hard usb flash google disk disc tape solid ssd hdd gb tb mb one-way
    two-way first same test open per each every another only just also about step steps part
    parts point points unit units set sets piece pieces player players game games million
    thousand hundred dollars dollar euros euro pounds pm am not no if so but when where
    """)
FRENCH_TYPES = _listed("""
rue avenue av boulevard bd bld blvd allée allee allées chemin ch impasse imp quai route rte cours
place pl square sentier passage ruelle esplanade faubourg fbg montée venelle résidence lotissement
hameau rond-point traverse
""")
# Types that stand first, with the number after the name.
FIRST_TYPES = _listed("""
calle c/ cl avenida avda avd av paseo pº plaza plza pza carrera cra kra transversal diagonal calzada
pasaje pasadizo cañada cerrada circunvalación retorno peatonal andador acceso
camino carretera ctra ronda travesía glorieta callejón cuesta bulevar autopista prolongación privada
rambla carrer passeig avinguda
via viale piazza piazzale corso largo vicolo strada contrada lungomare lungotevere
rua r. travessa praça alameda estrada rodovia beco ladeira
ulica ul ul. al. aleja aleje os. osiedle plac pl. ulice nám. náměstí třída tř. ulitsa
ул ул. улица пр. пр-т просп. проспект пер. переулок бул. бульвар вул. вулиця
strada str. calea bulevardul bd. șoseaua aleea
soseaua intrarea drumul rotonda stretto incrocio borgo circonvallazione
jardim parque vila viela campo fazenda sítio pátio lago lagoa vale vereda trecho trevo setor quadra
conjunto condomínio loteamento residencial recanto chácara colônia passarela praia esplanada viaduto
rue avenue boulevard chemin chaussée place quai jl. jalan
""")
# Of these, words that ordinary sentences have before a name and a number.
DOUBTFUL_FIRST = _listed(
    """
    via largo place av cl r. r os al pl corso c/ plaza square borgo stretto rotonda jardim parque
    vila campo fazenda sítio pátio lago lagoa vale vereda trecho trevo setor quadra conjunto
    condomínio loteamento residencial recanto chácara colônia passarela praia esplanada viaduto
    acceso retorno cerrada pasaje str. bd. prom drumul
    """
)
PARTICLES = _listed("""
    de del della delle dei degli di da do dos das du des d' l' la le les los las el y e i et à a au
    aux sur sous en san santa são saint st. ste van von der den dem het ter ten op am an im zum zur
    of the and bei auf unter
    """)
# What the name of a street ends in where it is one word with its type.
ENDINGS = _listed("""
straße strasse str. gasse allee platz damm ufer steig graben chaussee promenade zeile pfad wiese
straat laan plein gracht kade singel dijk dreef steeg plantsoen plaats
vej vejen gade gaden allé vænge stræde torv plads vænget
gata gatan gaten vei veien vegen vägen gränd stigen torget backen allén stranden bakken
katu kuja polku kaari vegur stræti braut gerði utca
bulevardi raitti stien løkka skogen haugen lunden svingen kroken tunet jordet åsen alléen
weg
""")
# The same, but English and German words end so as well.
DOUBTFUL_ENDINGS = _listed("""
ring hof berg markt tie gate baan pad lei tee vang haven vik park tori ská cká ova eva boulevard
""")
APART_ENDINGS = _listed("""
straße strasse str. weg platz allee gasse ring straat laan plein weg vej gade gata gatan gate
katu tie utca u. út útja tér krt. körút köz sétány útca tee tänav tn mnt iela gatvė g. caddesi
cad. sokak sok. mahallesi mah. bulvarı
náměstí ulice třída nábřeží
allé allee boulevard
""")
UNITS = _listed("""
apt apt. apartment suite ste ste. unit flat floor fl. room rm rm. bldg bldg. building lot trailer
appt bât. bâtiment appartement apto apto. apartamento piso puerta pta. escalera esc. depto dpto
dto. interno
int. scala wohnung whg. etage kv. кв. lok. lokal m. bt. byt as. lgh sala bloco casa blk block
level shop
villa penthouse studio space spc hangar dept
appartamento piano interior edif. edificio bl. sc. ap. et. h.no. plot
""")

STATES = _listed("""
AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY
NC ND OH OK OR PA PR RI SC SD TN TX UT VT VA VI GU WA WV WI WY AB BC MB NB NL NS NT NU ON PE QC SK
YT NSW VIC QLD TAS ACT AA AE AP
""")
STATE_NAMES = """
Alabama;Alaska;Arizona;Arkansas;California;Calif.;Colorado;Connecticut;Delaware;Florida;
Hawaii;Idaho;Illinois;Indiana;Iowa;Kansas;Kentucky;Louisiana;Maine;Maryland;
Massachusetts;Mass.;Michigan;Minnesota;Mississippi;Missouri;Montana;Nebraska;Nevada;New
Hampshire;New Jersey;New Mexico;New York;North Carolina;North Dakota;Ohio;Oklahoma;Oregon;
Pennsylvania;Rhode Island;South Carolina;South Dakota;Tennessee;Texas;Utah;Vermont;
Virginia;Washington;West Virginia;Wisconsin;Wyoming;D.C.;District of Columbia;Alberta;
British Columbia;Manitoba;New Brunswick;Newfoundland;Nova Scotia;Ontario;Quebec;Québec;
Saskatchewan;Yukon;New South Wales;Victoria;Queensland;South Australia;Western Australia;
Tasmania
"""
COUNTRIES = """
Afghanistan;Albania;Algeria;Andorra;Angola;Anguilla;Antigua and Barbuda;Argentina;Armenia;Aruba;
Australia;Austria;Azerbaijan;Bahamas;Bahrain;Bangladesh;Barbados;Belarus;Belgium;Belize;Benin;
Bermuda;Bhutan;Bolivia;Bosnia and Herzegovina;Botswana;Brazil;Brunei;Bulgaria;Burkina Faso;Burundi;
Cambodia;Cameroon;Canada;Cape Verde;Cayman Islands;Central African Republic;Chad;Chile;China;
Colombia;Comoros;Congo;Cook Islands;Costa Rica;Croatia;Cuba;Cyprus;Czech Republic;Czechia;
Democratic Republic of the Congo;Denmark;Djibouti;Dominica;Dominican Republic;East Timor;Ecuador;
Egypt;El Salvador;Equatorial Guinea;Eritrea;Estonia;Eswatini;Ethiopia;Faroe Islands;
Federated States of Micronesia;Fiji;Finland;France;Gabon;Gambia;Georgia;Germany;Ghana;Gibraltar;
Greece;Greenland;Grenada;Guam;Guatemala;Guinea;Guinea-Bissau;Guyana;Haiti;Honduras;Hong Kong;
Hungary;Iceland;India;Indonesia;Iran;Iraq;Ireland;Israel;Italy;Ivory Coast;Jamaica;Japan;Jersey;
Jordan;Kazakhstan;Kenya;Kiribati;Kosovo;Kuwait;Kyrgyzstan;Laos;Latvia;Lebanon;Lesotho;Liberia;Libya;
Liechtenstein;Lithuania;Luxembourg;Macau;Macedonia;Madagascar;Malawi;Malaysia;Maldives;Mali;Malta;
Marshall Islands;Mauritania;Mauritius;Mexico;Micronesia;Moldova;Monaco;Mongolia;Montenegro;Morocco;
Mozambique;Myanmar;Namibia;Nauru;Nepal;Netherlands;New Zealand;Nicaragua;Niger;Nigeria;North Korea;
North Macedonia;Norway;Oman;Pakistan;Palau;Palestine;Panama;Papua New Guinea;Paraguay;
People's Republic of China;Peru;Philippines;Poland;Portugal;Puerto Rico;Qatar;Republic of Ireland;
Republic of the Congo;Romania;Russia;Rwanda;Saint Kitts and Nevis;Saint Lucia;
Saint Vincent and the Grenadines;Samoa;San Marino;São Tomé and Príncipe;Sao Tome and Principe;
Saudi Arabia;Senegal;Serbia;Seychelles;Sierra Leone;Singapore;Slovakia;Slovenia;Solomon Islands;
Somalia;South Africa;South Korea;South Sudan;Spain;Sri Lanka;Sudan;Suriname;Swaziland;Sweden;
Switzerland;Syria;Taiwan;Tajikistan;Tanzania;Thailand;The Bahamas;The Gambia;Timor-Leste;Togo;Tonga;
Trinidad and Tobago;Tunisia;Turkey;Turkmenistan;Tuvalu;Uganda;Ukraine;United Arab Emirates;UAE;
United Kingdom;Great Britain;England;Scotland;Wales;Northern Ireland;UK;U.K.;United States;
United States of America;USA;U.S.A.;U.S.;Uruguay;Uzbekistan;Vanuatu;Vatican City;Venezuela;Vietnam;
Yemen;Zambia;Zimbabwe;Deutschland;Österreich;Schweiz;Suisse;Svizzera;Belgique;België;Nederland;
España;México;Perú;Panamá;Italia;Brasil;Polska;Česko;Česká republika;Slovensko;Magyarország;România;
Danmark;Norge;Sverige;Suomi;Ísland;Éire;Türkiye;Россия;Украина;Україна;Ελλάδα;日本;中国
"""
# Capitalised words that open a sentence, and so are no town.
NOT_TOWNS = _listed("""
    a an the and or but if so is are was it its it's i i'm i've i'd i'll we we're you you're he she
    they my your our please thanks thank thankyou ok okay yes no not now then there this that what
    when where who why how can could would will do does did have has had let sure great alright
    sorry hi hello hey dear regards best kind sincerely cheers sent from tel phone telephone email
    e-mail fax mobile cell order invoice subject date also call after before because since until
    just only any all for to at in on by with which bitte danke gruß grüße mit viele ich wir sie
    merci bonjour cordialement je vous gracias saludos hola por favor grazie saluti cordiali
    obrigado atenciosamente dank groet groeten mvh vh pozdrawiam dziękuję customer agent user
    assistant support am pm nan see meet get go need want
    """)
# Words before a street that are no part of its name: "in Lange Straße 5".
INTRODUCTORY = _listed(
    "in an auf am von der die das den dem im und zu zur bei aus for at to is the on"
)
# Small words inside the name of a town.
TOWN_PARTICLES = _listed(
    """
    de del la le les sur sous en am an der den von van upon of the do da dos di in el los las near
    bei ob nad pod
    """
)
MONTHS = _listed(
    "january february march april may june july august september october november december"
)
# What introduces an address, and what introduces other things as well.
CUES = _listed("""
    address addresses adresse anschrift dirección domicilio indirizzo endereço morada adres adress
    osoite office live lives lived living reside resides residing wohne wohnt wohnen habite vivo
    abito moro woon mieszkam ship shipped deliver delivered send sent mail mailed return returned
    forward arrive arrived taxi cab meet pick located
""")
BOXES = _listed("""
    box postfach postbus postboks apartado correos postal aéreo apdo postale bp b.p. c.p.
    postilokero pocztowa bag psc cmr ae aa ap
""")
