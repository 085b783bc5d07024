import { detectorSuite } from './detector.suite.ts';
import { ukNhs } from './uk-nhs.ts';

detectorSuite(ukNhs, {
  finds: [
    'NHS number ⟦943 476 5919⟧.',
    'nhs no: ⟦9434765919⟧',
    'The NHS number of the patient is ⟦943-476-5919⟧',
    '"nhsNumber": "⟦9434765919⟧"',
    'National Health Service number: ⟦401 023 2137⟧',
  ],
  passes: [
    '943 476 5919',
    'NHS number 943 476 5918',
    'NHS 1111111111',
    'NHS {UK_NATIONAL_HEALTH_SERVICE_NUMBER} 9434765919',
    'NHS number 943 476 59190',
    'NHS 12',
  ],
  hostile: ['NHS ', 'NHS number 9', '943 ', 'NHS number of a'],
});
