import { apiKey } from './api-key.ts';
import { awsAccessKey } from './aws-access-key.ts';
import { awsSecretKey } from './aws-secret-key.ts';
import { bearerToken } from './bearer-token.ts';
import { card } from './card.ts';
import type { Detector } from './detector.ts';
import { email } from './email.ts';
import { hiddenText } from './hidden-text.ts';
import { iban } from './iban.ts';
import { ipAddress } from './ip-address.ts';
import { phone } from './phone.ts';
import { privateKey } from './private-key.ts';
import { promptAttack } from './prompt-attack.ts';
import { urlCredentials } from './url-credentials.ts';
import { usSsn } from './us-ssn.ts';

/** Every detector there is, by its name. */
export const detectors = {
  email,
  phone,
  card,
  iban,
  usSsn,
  ipAddress,
  awsAccessKey,
  awsSecretKey,
  privateKey,
  bearerToken,
  apiKey,
  urlCredentials,
  promptAttack,
  hiddenText,
} satisfies Readonly<Record<string, Detector>>;
