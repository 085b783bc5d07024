/** What a client got of one answer, whole or in part. */
export interface Observation {
  /** In the prompt, and in no other. */
  readonly marker: string;
  readonly isStream: boolean;
  /** 0 where not even the head of an answer came. */
  readonly status: number;
  /** Empty where there was none. */
  readonly requestId: string;
  readonly receipt: string;
  /** Of the model's answer, as far as it came. */
  readonly text: string;
  /** Of the body. */
  readonly bytes: number;
  /** Whether the answer came to its end. */
  readonly isWhole: boolean;
}
