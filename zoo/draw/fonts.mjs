/**
 * Which font families draw what. The unit is the family: every weight and variant goes the same way.
 *
 * `base` families draw the pre-training scripts only; `capitals` families are split by a seeded shuffle
 * (split.mjs); Japanese families are split by hand here, because there are few and they differ much in size.
 * Families with Greek or Cyrillic went to `base`, those with Latin alone to `capitals`.
 */

/** npm packages `@fontsource/<id>`; the licence is read from each package's metadata. */
export const npm = {
  capitals:
    words(`abeezee abel abhaya-libre aboreto abril-fatface acme actor adamina afacad aileron aldrich alex-brush alexandria
    alfa-slab-one allan allura amaranth annie-use-your-telescope anonymous-pro anton antonio architects-daughter
    archivo archivo-black archivo-narrow arvo asap atkinson-hyperlegible aubrey audiowide average-sans b612
    b612-mono bangers barlow barlow-condensed basic be-vietnam-pro bebas-neue belleza berkshire-swash besley
    big-shoulders-display birthstone blinker bodoni-moda bowlby-one-sc brawler bree-serif bricolage-grotesque
    bubblegum-sans bungee cabin cabin-sketch cal-sans caladea calistoga cantarell caprasimo carlito carter-one
    catamaran caveat-brush cedarville-cursive changa-one chewy chivo cinzel cinzel-decorative clear-sans
    climate-crisis coiny comic-mono comic-neue cookie cooper-hewitt corinthia courgette courier-prime
    covered-by-your-grace creepster crimson-pro crimson-text damion dancing-script darker-grotesque
    delicious-handrawn delius dm-mono dm-sans dm-serif-display domine dosis doto encode-sans ephesis epilogue
    esteban ewert faustina figtree finger-paint firago fjalla-one fragment-mono frank-ruhl-libre fraunces
    fredericka-the-great fredoka funnel-display gabarito geist geist-mono gelasio gentium-book-basic
    germania-one gloock gloria-hallelujah gochi-hand goldman graduate grand-hotel grandstander great-vibes
    halant handlee hanken-grotesk happy-monkey headland-one hepta-slab herr-von-muellerhoff hind homemade-apple
    host-grotesk iceberg iceland im-fell-english im-fell-english-sc inconsolata inder indie-flower inika
    inknut-antiqua instrument-sans instrument-serif italiana italianno itim jersey-10 jockey-one josefin-sans
    jost kalam kanit karla kaushan-script khand knewave kode-mono krona-one kumbh-sans lateef lato league-gothic
    league-spartan lekton lexend libre-baskerville libre-caslon-text libre-franklin licorice lilita-one
    lobster-two londrina-solid luckiest-guy lustria mansalva marcellus martel maven-pro medievalsharp metropolis
    michroma micro-5 modak mona-sans monofett monoton monsieur-la-doulaise montecarlo mouse-memoirs
    mr-de-haviland museomoderno newsreader norwester nosifer nova-square opendyslexic orbitron orienta outfit
    overpass ovo oxanium parisienne passion-one patrick-hand patua-one paytone-one permanent-marker petrona
    pinyon-script plus-jakarta-sans poly poppins prompt public-sans quantico quattrocento questrial quicksand
    rajdhani rammetto-one red-hat-display reenie-beanie righteous rochester rock-salt rokkitt rowdies rufina
    sacramento saira saira-stencil-one sanchez sansita satisfy schoolbell sen shadows-into-light share-tech-mono
    short-stack shrikhand sigmar-one signika silkscreen slabo-27px smooch sniglet sora sorts-mill-goudy
    space-grotesk space-mono special-elite spicy-rice staatliches sue-ellen-francisco suez-one
    swanky-and-moo-moo syncopate syne tangerine taviraj teko the-girl-next-door tiny5 titan-one titillium-web
    tomorrow twinkle-star uncial-antiqua unifrakturcook unifrakturmaguntia unna urbanist varela-round vibur
    volkhov vt323 whisper work-sans yanone-kaffeesatz yellowtail zen-dots zilla-slab`),
  base: words(`noto-sans noto-serif noto-sans-mono open-sans roboto roboto-mono roboto-slab roboto-serif fira-sans fira-mono
    ibm-plex-sans ibm-plex-mono ibm-plex-serif source-sans-3 source-serif-4 source-code-pro jetbrains-mono inter
    ubuntu ubuntu-mono pt-sans pt-serif pt-mono alegreya alegreya-sans arimo tinos cousine cardo comfortaa
    didact-gothic eb-garamond gentium-plus geologica gfs-didot jura literata manrope play sofia-sans
    stix-two-text vollkorn caveat cormorant exo-2 golos-text lora marck-script merriweather montserrat neucha
    nunito old-standard-tt oswald pacifico philosopher playfair-display prata press-start-2p raleway rubik
    russo-one spectral tenor-sans unbounded yeseva-one lobster bad-script amatic-sc alice arsenal balsamiq-sans
    bitter days-one dejavu-sans dejavu-mono poiret-one commissioner victor-mono iosevka cascadia-code mulish
    onest piazzolla playpen-sans pixelify-sans recursive shantell-sans wix-madefor-display`),
  baseJapanese: words(
    "ibm-plex-sans-jp noto-sans-jp noto-serif-jp zen-kaku-gothic-antique zen-kaku-gothic-new",
  ),
  baseChinese: words(`liu-jian-mao-cao long-cang ma-shan-zheng noto-sans-sc noto-serif-sc zcool-kuaile
    zcool-qingke-huangyou zcool-xiaowei zhi-mang-xing`),
  baseKorean:
    words(`noto-sans-kr noto-serif-kr gothic-a1 gowun-batang black-han-sans gaegu gugi poor-story sunflower
    ibm-plex-sans-kr nanum-brush-script nanum-pen-script`),
  hiraganaTrain:
    words(`dotgothic16 kiwi-maru kosugi-maru m-plus-1 m-plus-1p m-plus-rounded-1c sawarabi-gothic yomogi
    zen-kurenaido`),
  hiraganaValidation: words(`biz-udgothic biz-udpgothic kaisei-opti line-seed-jp mochiy-pop-one yusei-magic
    zen-old-mincho`),
  hiraganaTest: words("dela-gothic-one shippori-mincho shippori-mincho-b1 zen-maru-gothic"),
};

/** Debian packages: [package, licence]. */
export const debian = {
  baseGreek: [
    ["fonts-gfs-artemisia", "OFL-1.1"],
    ["fonts-gfs-baskerville", "OFL-1.1"],
    ["fonts-gfs-bodoni-classic", "OFL-1.1"],
    ["fonts-gfs-complutum", "OFL-1.1"],
    ["fonts-gfs-didot-classic", "OFL-1.1"],
    ["fonts-gfs-gazis", "OFL-1.1"],
    ["fonts-gfs-neohellenic", "OFL-1.1"],
    ["fonts-gfs-olga", "OFL-1.1"],
    ["fonts-gfs-porson", "OFL-1.1"],
    ["fonts-gfs-solomos", "OFL-1.1"],
    ["fonts-gfs-theokritos", "OFL-1.1"],
  ],
  baseJapanese: [
    ["fonts-hanazono", "OFL-1.1"],
    ["fonts-ipaexfont-gothic", "IPA-1.0"],
    ["fonts-ipaexfont-mincho", "IPA-1.0"],
  ],
  baseChinese: [["fonts-smiley-sans", "OFL-1.1"]],
  baseKorean: [
    ["fonts-alee", "Artistic"],
    ["fonts-baekmuk", "Baekmuk (MIT-like)"],
    ["fonts-nanum", "OFL-1.1"],
    ["fonts-nanum-eco", "OFL-1.1"],
    ["fonts-nanum-extra", "OFL-1.1"],
    ["fonts-woowa-bm", "OFL-1.1"],
  ],
  hiraganaTrain: [
    ["fonts-dejima-mincho", "MIT"],
    ["fonts-horai-umefont", "Ume-font (permissive)"],
    ["fonts-kiloji", "BSD-3-Clause"],
    ["fonts-konatu", "MIT"],
    ["fonts-motoya-l-cedar", "Apache-2.0"],
    ["fonts-motoya-l-maruberi", "Apache-2.0"],
    ["fonts-mplus", "OFL-1.1"],
    ["fonts-rocknroll", "OFL-1.1"],
    ["fonts-stick", "OFL-1.1"],
    ["fonts-yozvox-yozfont-antique", "OFL-1.1"],
    ["fonts-yozvox-yozfont-cute", "OFL-1.1"],
    ["fonts-yozvox-yozfont-edu", "OFL-1.1"],
    ["fonts-yozvox-yozfont-new-kana", "OFL-1.1"],
    ["fonts-yozvox-yozfont-standard-kana", "OFL-1.1"],
  ],
  hiraganaValidation: [
    ["fonts-kanjistrokeorders", "BSD-3-Clause"],
    ["fonts-rampart", "OFL-1.1"],
    ["fonts-sawarabi-mincho", "OFL-1.1"],
  ],
  hiraganaTest: [
    ["fonts-aoyagi-kouzan-t", "Public domain"],
    ["fonts-aoyagi-soseki", "Public domain"],
    ["fonts-cherrybomb", "OFL-1.1"],
    ["fonts-klee", "OFL-1.1"],
    ["fonts-kouzan-mouhitsu", "Public domain"],
    ["fonts-reggae", "OFL-1.1"],
    ["fonts-seto", "OFL-1.1"],
    ["fonts-train", "OFL-1.1"],
  ],
};

function words(text) {
  return text.split(/\s+/).filter(Boolean);
}
