/** Whether the last digit is right by the formula of Luhn (ISO/IEC 7812-1, annex B). */
export function hasLuhnDigit(digits: string): boolean {
  let sum = 0;
  for (let at = digits.length - 1, place = 0; at >= 0; at -= 1, place += 1) {
    const digit = digits.charCodeAt(at) - 48;
    const doubled = digit * 2;
    sum += place % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** The digits, each times the weight that stands at its place, added up. Digits without a weight count nothing. */
export function weightedSum(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, at) => sum + weight * Number(digits.charAt(at)), 0);
}

export function digitsOf(written: string): string {
  return written.replace(/[^0-9]/g, '');
}

/** Whether one digit is all there is: nobody was given such a number. */
export function isOneDigit(digits: string): boolean {
  return /^([0-9])\1*$/.test(digits);
}
