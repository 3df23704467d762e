/** Endings that people leave out, longest first; what is left must have two characters. */
const ENDINGS = [
  '经济技术开发区',
  '高新技术产业开发区',
  '街道办事处',
  '居民委员会',
  '村民委员会',
  '自治州',
  '自治县',
  '自治旗',
  '开发区',
  '居委会',
  '村委会',
  '街道',
  '地区',
  '社区',
  '林区',
  '新区',
  '矿区',
  '省',
  '市',
  '区',
  '县',
  '旗',
  '盟',
  '镇',
  '乡',
  '村',
];
/** Peoples in names of autonomous places: 芷江侗族自治县 is 芷江. */
const PEOPLES =
  /(?:蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|景颇|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺|各)族/gu;

/** What a place is called in an address for short: 岳麓 for 岳麓区, 橘子洲 for 橘子洲街道; undefined where nothing of two characters is left. */
export const shortName = (name: string): string | undefined => {
  const ending = ENDINGS.find((one) => name.endsWith(one));
  if (ending === undefined) return undefined;
  let short = name.slice(0, -ending.length);
  if (ending.startsWith('自治') || ending === '乡') short = short.replace(PEOPLES, '') || short;
  return short.length >= 2 && short !== name ? short : undefined;
};
