/** The greatest of ascending numbers that is not above `limit`. */
export function lastUpTo(numbers: readonly number[], limit: number): number | undefined {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (Number(numbers[middle]) <= limit) low = middle + 1;
    else high = middle;
  }
  return numbers[low - 1];
}
