/** Words that say nothing of what a text is about, by language, folded and in small letters. */
export const stopWords: readonly string[] = [
  `a about above after again against all also am an and any are aren't as at be because been before being below between
   both but by can can't cannot could couldn't did didn't do does doesn't doing don't down during each few for from
   further get had has have having he her here hers him his how i i'd i'll i'm i've if in into is isn't it it's its
   itself just let let's me more most much my myself no nor not now of off on once only or other our ours out over own
   please same shall she should so some such than that that's the their theirs them then there these they they're this
   those through to too under until up us very was wasn't we we're were what what's when where which while who whom
   whose why will with won't would yes you you're your yours yourself`,
  `aber als am an auch auf aus bei bin bis bist da damit dann das dass dein dem den der des die dir doch du durch ein
   eine einem einen einer eines er es euch fur hat habe haben hier ich ihm ihn ihr im in ist ja jede kann kein keine
   man mein mich mir mit muss nach nicht noch nun nur ob oder ohne sein sich sie sind so uber um und uns unser vom von
   vor war was wenn wer werden wie wir wird wo zu zum zur`,
  `au aux avec ce ces cette comme dans de des du elle en est et il ils je la le les leur lui ma mais me mes mon ne nous
   on ou par pas plus pour qu que qui sa se ses son sont sur ta te tu un une vous`,
  `al como con cual de del donde el ella en es esta este ha hay la las le les lo los mas me mi no o para pero por que se
   si sin sobre son su sus te tu un una uno y ya yo`,
];

/** Words that deny what follows them. */
export const negations: readonly string[] = [
  `no not never none nobody nothing neither nor cannot can't couldn't didn't doesn't don't hadn't hasn't haven't
   isn't aren't shouldn't wasn't weren't won't wouldn't`,
  'nicht kein keine keinen nie niemals',
  'pas jamais aucun aucune',
  'nunca ningun ninguna tampoco',
];

/** Words of which one cannot be said where the other is true. */
export const opposites: readonly (readonly [string, string])[] = [
  ['increase', 'decrease'],
  ['increase', 'reduce'],
  ['rise', 'fall'],
  ['rose', 'fell'],
  ['raise', 'lower'],
  ['more', 'less'],
  ['more', 'fewer'],
  ['above', 'below'],
  ['before', 'after'],
  ['higher', 'lower'],
  ['highest', 'lowest'],
  ['largest', 'smallest'],
  ['longer', 'shorter'],
  ['open', 'closed'],
  ['allow', 'forbid'],
  ['allowed', 'prohibited'],
  ['permitted', 'prohibited'],
  ['required', 'optional'],
  ['accept', 'reject'],
  ['approved', 'rejected'],
  ['approved', 'denied'],
  ['enable', 'disable'],
  ['include', 'exclude'],
  ['gain', 'loss'],
  ['profit', 'loss'],
  ['safe', 'dangerous'],
  ['safe', 'unsafe'],
  ['won', 'lost'],
  ['win', 'lose'],
  ['buy', 'sell'],
  ['early', 'late'],
  ['earlier', 'later'],
  ['maximum', 'minimum'],
  ['with', 'without'],
  ['always', 'never'],
  ['true', 'false'],
];

/** Numbers in words. */
export const numberWords: readonly string[] =
  'zero one two three four five six seven eight nine ten eleven twelve'.split(' ');
