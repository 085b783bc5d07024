import { address } from './address.ts';
import { age } from './age.ts';
import { apiKey } from './api-key.ts';
import { awsAccessKey } from './aws-access-key.ts';
import { awsSecretKey } from './aws-secret-key.ts';
import { bearerToken } from './bearer-token.ts';
import { caHealthNumber } from './ca-health-number.ts';
import { caSocialInsurance } from './ca-social-insurance.ts';
import { card } from './card.ts';
import { cardExpiry } from './card-expiry.ts';
import { cardSecurityCode } from './card-security-code.ts';
import type { Detector } from './detector.ts';
import { driverLicense } from './driver-license.ts';
import { email } from './email.ts';
import { hiddenText } from './hidden-text.ts';
import { iban } from './iban.ts';
import { ipAddress } from './ip-address.ts';
import { licensePlate } from './license-plate.ts';
import { macAddress } from './mac-address.ts';
import { name } from './name.ts';
import { password } from './password.ts';
import { phone } from './phone.ts';
import { pin } from './pin.ts';
import { privateKey } from './private-key.ts';
import { promptAttack } from './prompt-attack.ts';
import { swiftCode } from './swift-code.ts';
import { ukNhs } from './uk-nhs.ts';
import { ukNino } from './uk-nino.ts';
import { ukTaxpayerReference } from './uk-taxpayer-reference.ts';
import { url } from './url.ts';
import { urlCredentials } from './url-credentials.ts';
import { usBankAccount } from './us-bank-account.ts';
import { usBankRouting } from './us-bank-routing.ts';
import { usItin } from './us-itin.ts';
import { usPassport } from './us-passport.ts';
import { usSsn } from './us-ssn.ts';
import { username } from './username.ts';
import { vehicleIdentification } from './vehicle-identification.ts';

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
  address,
  age,
  caHealthNumber,
  caSocialInsurance,
  cardExpiry,
  cardSecurityCode,
  driverLicense,
  licensePlate,
  macAddress,
  name,
  password,
  pin,
  swiftCode,
  ukNhs,
  ukNino,
  ukTaxpayerReference,
  url,
  usBankAccount,
  usBankRouting,
  usItin,
  usPassport,
  username,
  vehicleIdentification,
  promptAttack,
  hiddenText,
} satisfies Readonly<Record<string, Detector>>;
