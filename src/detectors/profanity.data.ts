/**
 * What is added to the words of `cuss` that it is sure of, and what is left out of them. These are words of abuse: they
 * stand here to be found.
 */

/** Words that only name a person, a trade or a thing, or that are too mild for a filter to act on. */
export const harmlessWords: readonly string[] = (
  'stupid slave slaves welfare spit spitter vomit loser fu ho rimming transvestite half breed pedo crap crappy lesbo ' +
  'negroes'
).split(' ');

/** Words that `cuss` is less sure of, since they have a harmless meaning too that is seldom meant. */
export const alsoProfane: readonly string[] = [
  'bitch|bitches|bitching|bitchy|shit|shits|shitting|shitted|shite|pussy|pussies|cock|cocks|dickhead|dickheads|twat|twats',
  'wanker|wankers|tits|titties|titty|boobs|slut|sluts|whore|whores|fag|fags|faggy|faggots|dyke|dykes|tranny|trannies',
  'porno|cum|jizz|arse|arses|bastard|bastards|bollocks|bugger|coon|coons|gook|gooks|kike|kikes|spic|spics|wetback',
  'wetbacks|retard|retards|retarded|shemale|mongoloid|jiggaboo|jiggaboos|homos|dildo|dildos|creampie|milf|milfs|wtf|stfu',
  'goddamn|goddamned|dammit|damnit|piss|pissed|pisses|pissing|anal|anus|clit|clits|cooter|hooker|hookers|nig|nigs|cunty',
].flatMap((row) => row.split('|'));

/** A stem with all that may stand in front of it and behind it, each separated by `|`; either may be nothing. */
export interface WordFamily {
  readonly before: string;
  readonly stems: string;
  readonly behind: string;
}

const FUCK = 'fuck|fucc|fuk|fukk|fvck|fvk|fck|fcuk|fxck|phuck|phuk|fuxx|fack|feck';
const NIGGER = 'nigger|nigga|niggah|niggar|niggur|nigguh|niggass|nikka|nikker|niccer|nigg|neggar|negga|higger|higga';

export const wordFamilies: readonly WordFamily[] = [
  {
    before:
      '|mother|motha|muther|mutha|mudder|mudda|muh|mtha|mthr|moth|mo|ass|arse|butt|cluster|mind|dumb|dark|cyber|face|' +
      'pig|piggy|penis|fudge|skull|scum|shit|bum|goat|horse|mega|un|bitch|dick|cunt|dog|hate|rat|brain|finger|fist|titty|da',
    stems: FUCK.replace('|fack|feck', ''),
    behind:
      '|s|z|ed|er|ers|erz|ing|ings|in|ins|a|as|ah|az|en|y|able|ass|asses|boy|buddy|bunny|face|faces|head|heads|hole|me|' +
      'nut|nugget|off|shit|stain|star|ster|stick|tard|tards|up|wad|wit|wits|whore|u|you|em|k|ka|kah|ker|kers|king|load',
  },
  { before: 'mother|motha|muther|mutha', stems: 'f@ck|fack|feck|fk', behind: 'er|ers|ing|in|a|as|ed' },
  { before: '|sand |snow |sand|wig', stems: NIGGER.replace('', ''), behind: '|s|z|es|hood|head|shit|ish|ing|ed' },
  {
    before: '|bull|horse|dip|bat|dog|chicken|jack|ape|rat|pig|dumb|holy |hot|no|ass|dick|fuck|cock|fag|gay|dark|pan',
    stems: 'shit|shyt|sheit|shiit',
    behind:
      '|s|z|ty|ter|ters|ting|ted|e|ass|bag|bags|brain|breath|canned|dick|eater|face|faced|faces|for brains|fuck|fucker|' +
      'fucks|fuckhead|head|heads|hole|holes|house|less|list|load|stain|storm|show|tastic|y|wit',
  },
  {
    before: '|son of a |ass|gay |dumb |stupid |fucking |arse',
    stems: 'bitch|biatch|biotch|beotch|biyatch|bytch|bich',
    behind: '|es|ez|ed|ing|in|y|ass|fuck|hole|tits|slap|slapped|boy|er|ers|face',
  },
  {
    before: '|dumb|fuck|mother|sperm|fag',
    stems: 'cunt|kunt|cuunt|c*nt|cvnt',
    behind:
      '|s|z|y|face|hole|head|bag|less|ness|licker|lickers|licking|lick|tard|fuck|rag|ed|ing|sucker|wad|struck|ish',
  },
  {
    before: '|ass|butt|cum|nut|dick|sperm|mega |queer|gay|gay ',
    stems: 'fag|faggot|faggit|faggo|phag|phaggot|phagot|fagot',
    behind: '|s|z|y|gy|g|gs|ry|hag| hag| bag|bag|boy|tard|shit|queen| queen|got|gots|ging|goting',
  },
  {
    before: '|horse|donkey|moose|pork|suck my |suck a ',
    stems: 'cock|cok|kock|cawk|dick|dik|prick|knob|nob|schlong',
    behind:
      'sucker|suckers|sucking|sucks|suck|sucka|suckas|succer|succers| sucker| sucking| rider| smoker|smoker|smokers|smoke|' +
      'muncher|munch|munchers|monger|mongler|face|faces|head|heads|hole|bite|block|blocker|boy|eater|eaters|gobbler|' +
      ' jockey|jockey|jockeys|jocky|knob|less|licker| licker|lover|master|nose|pirate|shit|slap|weed|weasel|wad|fucker|' +
      'milk| milker| nibbler|ender|end|bag|bags|beater|beaters|ward|wod|wipe|juice|-face|-gobbler|-head|-sucker',
  },
  { before: 'suck my |suck a |suck |lick my |eat a ', stems: 'cock|dick|penis|balls|pussy|clit|ass', behind: '|s' },
  {
    before: '|dumb|jack|smart|fat|lard|bad|hard|kiss|lame|dirty|dark|queer|candy|punk|bitch|fuck',
    stems: 'ass|azz',
    behind:
      'hole|holes|hole s|hat|hats|wipe|wipes|wad|face|faces|head|heads|clown|clowns|bag|bags|bandit|bandits|banger|bite|' +
      'licker|lickers|lick|licking|kisser|jacker|pirate|pirates|monkey|munch|muncher|nigger|shit|sucker|suckers|cock|' +
      'cracker|goblin|lover|packer|puppy|ranger|rammer|reamer|whore|blaster|bang|banged|banging|es',
  },
  { before: 'dumb|jack|fat|lard|bad|lame', stems: 'ass', behind: '|es' },
  {
    before: '|cock|thunder|dick|cum|gutter|skank|fuck|man|crack|bitch|slut',
    stems: 'slut|whore|hore|skank|slag|twat|twatt',
    behind:
      '|s|z|ty|tish|bag|bags|dumper|face|faces|head|hole|hound|house|ish|ing|ed|monger|muffin|puppet|waffle|y|bucket',
  },
  {
    before: '|butt|anal |gay',
    stems: 'cum|jizz|jism|spunk|semen',
    behind:
      'ball|balls|bag|bags|bubble|bucket|drinker|dump|dumps|dumpster|eater|face|guzzler|guzzlers|load|loads|rag|rags|' +
      'shot|shots|slut|sluts|stain|stains|swallower|swapper|swapping|fest|freak|wad|tart|skin|slurper|covered|junkie|drip|er|ing',
  },
  {
    before: '|',
    stems: 'pussy|puss|pusy|muff|carpet|rug|clit',
    behind:
      'licker|lickers|ylicker|ylickers| licker| licking| lick|licking|eater|eaters| eater| eating|muncher|munchers|munching|' +
      'fucker|lover|lovers|pounder|diver|divers|diving|whipped|fart|hole|face|wagon| muncher| munchers| munching| diver',
  },
  { before: '|lib|fuck|dumb|gay|rag|slan|dark|pen', stems: 'tard|retard', behind: 's|ed|o|ation|face|ass' },
  { before: '|', stems: 'blow|hand|rim|foot|tit|boob|nut|wrist|head', behind: 'job|jobs| job| jobs' },
];
