/** What is drawn: the task's classes and the base's. */

export const capitals = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];

export const hiragana = [
  ..."あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわをん",
];

/**
 * Scripts of pre-training. Left out: what looks like a Latin capital or like a sign of another script here once
 * it is fitted to the same box (Greek omicron, most Cyrillic lower case, kanji such as 力 beside katakana カ).
 */
export const base = {
  greek: [..."αβγδεζηθικλμνξπρσςτυφχψωΓΔΘΛΞΠΣΩ"],
  cyrillic: [..."БДЖЗИЙЛУЦЧШЩЪЫЬЭЮЯб"],
  katakana: [
    ..."アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン",
  ],
  kanji: [
    ..."日月火水木金土年人大小中山川田天空雨風花草虫犬魚鳥馬牛貝車門女男子父母兄弟友目耳手足心体頭顔声学校先生本文字語読書話聞見食飲行来",
    ..."出入立休走歩店家国京市町村道駅電時間今朝昼夜春夏秋冬東西南北前後内外新古長高安白黒赤青多少明暗強弱美海石竹米糸町森林池岩星雪雲光音色形",
  ].filter((c, i, all) => all.indexOf(c) === i),
  hangul: [
    ..."가나다라마바사아자차카타파하고노도로모보소오조초코토포호구누두루무부수우주추쿠투푸후기니디리미비시이지치키티피히",
    ..."한국말글람학생집물불산강달별꽃눈손발밥술책길문서울동남북중앙년월일요금목화토은는을를에의와과도만까부터들그저것수있없하되않좋많큰작새",
    ..."전현재정성공경영음악원형",
  ].filter((c, i, all) => all.indexOf(c) === i),
};
