import { parseReceipt } from '../../src/audit/receipt/receipt.ts';
import type { Logged, LoggedExchange } from './logged.ts';
import type { Observation } from './observation.ts';

/** What clients got and the log says otherwise; one line each. Every exchange of the log is looked at, asked for or not. */
export function findFaults(observations: readonly Observation[], logged: Logged): readonly string[] {
  return [
    ...[...logged.exchanges].flatMap(([id, exchange]) => exchangeFaults(exchange).map((fault) => `${id}: ${fault}`)),
    ...observations.flatMap((observation) => {
      return observationFaults(observation, logged).map((fault) => `${observation.requestId}: ${fault}`);
    }),
  ];
}

/** A log that is settled has one request, one response, and the releases between them without a gap. */
function exchangeFaults({ requests, releases, responses, releasedBytes }: LoggedExchange): readonly string[] {
  const faults: string[] = [];
  if (requests.length !== 1) faults.push(`it has ${requests.length} requests`);
  if (responses.length !== 1) faults.push(`it has ${responses.length} responses`);
  if (releases.some(({ sequence }, at) => sequence !== at))
    faults.push('its releases are not in order, whole and once');
  for (const { bytesSent, status } of responses) {
    if (bytesSent > releasedBytes) {
      faults.push(`its response (${status}) says that ${bytesSent} bytes left, of ${releasedBytes} that were let out`);
    }
  }
  return faults;
}

function observationFaults(observation: Observation, logged: Logged): readonly string[] {
  const { requestId, status } = observation;
  const isPromised = observation.receipt !== '';
  // Turned away before it was a request of anybody: nothing was promised.
  if (status !== 200 && !isPromised) return [];
  const exchange = logged.exchanges.get(requestId);
  if (exchange === undefined) return [`the log has nothing of an answer with status ${status}`];
  const faults = [...receiptFaults(observation, exchange, logged)];
  if (!exchange.requests.some(({ text }) => text.includes(observation.marker))) {
    faults.push(`its request does not have the prompt "${observation.marker}"`);
  }
  return status === 200 ? [...faults, ...answerFaults(observation, exchange)] : faults;
}

function answerFaults({ text, isWhole }: Observation, { releases, responses }: LoggedExchange): readonly string[] {
  const letOut = [...releases, ...responses].map((part) => part.text).join('');
  if (!letOut.startsWith(text)) return [`the client got "${text.slice(-40)}", which was not let out`];
  if (!isWhole) return [];
  const faults: string[] = [];
  if (letOut !== text)
    faults.push(`the client got a whole answer of ${text.length} units, the log has ${letOut.length}`);
  if (!responses.some(({ status }) => status === 'complete'))
    faults.push('the client got a whole answer, the log none');
  return faults;
}

function receiptFaults(observation: Observation, { requests }: LoggedExchange, logged: Logged): readonly string[] {
  if (observation.receipt === '') return ['its answer has no receipt'];
  try {
    const receipt = parseReceipt(observation.receipt);
    const faults: string[] = [];
    if (!logged.receiptKeys.some((key) => receipt.isSignedBy(key))) faults.push('no key of the log signed its receipt');
    if (receipt.origin !== logged.origin) faults.push(`its receipt is of the log ${receipt.origin}`);
    const promised = Buffer.from(receipt.leafHash).toString('hex');
    if (!requests.some(({ leafHash }) => leafHash === promised)) faults.push('its receipt promises another entry');
    return faults;
  } catch {
    return ['its receipt cannot be read'];
  }
}
