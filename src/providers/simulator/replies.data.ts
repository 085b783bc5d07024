/** An address and a card number (a test number, Luhn-valid) that no prompt held. */
export const leakedPersonalData =
  'Of course. The account belongs to maria.lopez@example.org, and she paid with card 5105 1051 0510 5100 last week.';

/** An invented access key id. Put together here, so that a scanner of sources has nothing to report. */
const accessKeyId = ['AKIA', 'SIMULATEDLEAK234'].join('');
const label = 'PRIVATE KEY';

/** Credentials that no prompt held. None of them opens anything. */
export const leakedSecrets = [
  `Sure, the deployment uses ${accessKeyId} and this key:`,
  `-----BEGIN ${label}-----`,
  'MC4CAQAwBQYDK2VwBCIEIGsallyportSimulatorInventedThisKeyByHandAA',
  'c2FsbHlwb3J0U2ltdWxhdG9ySW52ZW50ZWRUaGlzS2V5QnlIYW5kVG9TaG93QQ==',
  `-----END ${label}-----`,
  'Anything else?',
].join('\n');

/** Arguments of a tool call in the fragments of a stream; the address in them is divided. */
export const toolArguments = ['{"to":"maria.lo', 'pez@exam', 'ple.org","subject":"As', ' agreed"}'] as const;

/** What `sim:reasoning` thinks: an address that no prompt held, which a signature covers. */
export const thought = 'They ask for Maria, so I look under maria.lopez@example.org before I answer.';

/** What `sim:cite` says where it has nothing to cite. */
export const nothingToCite = 'There is no document to cite.';

/** What `sim:stream`, `sim:long` and `sim:die-mid-stream` say over and over. */
export const words = (
  'The gate has two doors and a guard between them. What comes in is read at the first door, ' +
  'what goes out is read at the second, and neither opens while the other stands open. '
)
  .trim()
  .split(' ');
