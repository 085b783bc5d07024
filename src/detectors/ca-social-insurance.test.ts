import { caSocialInsurance } from './ca-social-insurance.ts';
import { detectorSuite } from './detector.suite.ts';

detectorSuite(caSocialInsurance, {
  finds: [
    'SIN 046 454 286',
    'SIN: 046454286',
    'social insurance number is 130-692-544.',
    "numéro d'assurance sociale : 130692544",
    'it is 130-692-544',
    '130 692 544',
  ].map((text) => text.replace(/(?:046|130)[ -]?(?:454|692)[ -]?(?:286|544)/, '⟦$&⟧')),
  passes: [
    '046 454 286',
    '130-692-545',
    'SIN 046 454 287',
    '130692544',
    'it is a sin 12',
    '130-692 544',
    '+1 130-692-544',
    '130-692-544-1',
    '1-130-692-544',
    'SIN {CA_SOCIAL_INSURANCE_NUMBER} 046454286',
    'SIN 000 000 000',
  ],
  hostile: ['130-', '130-692-', 'SIN ', 'social insurance ', '1'],
});
