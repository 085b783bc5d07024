import { ANGLE, BRACKET, OTHER } from './character-class.ts';
import type { Detector } from './detector.ts';
import { patternRule, unfinishedMatch } from './pattern-rule.ts';
import { phraseRule } from './phrase-rule.ts';
import { attackPhrases, attackWords } from './prompt-attack.data.ts';

/** Marks that chat templates put between turns (ChatML, Llama, Mistral): in a text they forge a turn of another. */
const TURN_MARK =
  /<\|(?:im_start|im_end|system|assistant|user|start_header_id|end_header_id|eot_id|endoftext|begin_of_text)\|>|\[\/?INST\]|<<\/?SYS>>/gi;
const LONGEST_MARK = 20;
const UNFINISHED_MARK = /<(?:\|(?:[a-z_]{0,15}\|?)?|<(?:\/?[a-z]{0,3}>?)?)?$|\[(?:\/?[a-z]{0,4})?$/gi;

/** Languages without spaces between words: "forget the instructions above" in Chinese and Japanese. */
const UNSPACED =
  /(?:忽略|无视|忘记|忘掉)[^\s<[]{0,6}(?:之前|以上|先前|前面|上面|所有|上述)[^\s<[]{0,6}(?:指令|指示|提示|说明|规则|内容)|(?:以前|上記|前|全て)の(?:指示|命令)[^\s<[]{0,6}(?:無視|忘)/g;
const UNFINISHED_UNSPACED = /(?:[忽无忘以上前全][^\s<[]{0,20})$/g;
const LONGEST_UNSPACED = 21;

/**
 * Attempts to override instructions, to draw out the prompt, or to talk a model out of its rules: a lexicon of the
 * phrases that public collections of attacks repeat, in several languages, and forged turn marks.
 *
 * A baseline that catches the plain attacks and little else: it knows wordings, not intent.
 */
export const promptAttack: Detector = {
  name: 'promptAttack',
  type: 'PROMPT_ATTACK',
  rules: [
    phraseRule(attackPhrases, attackWords),
    patternRule({
      classes: ANGLE | BRACKET,
      pattern: TURN_MARK,
      unfinished: unfinishedMatch(UNFINISHED_MARK, LONGEST_MARK),
    }),
    patternRule({
      classes: OTHER,
      pattern: UNSPACED,
      unfinished: unfinishedMatch(UNFINISHED_UNSPACED, LONGEST_UNSPACED),
    }),
  ],
};
