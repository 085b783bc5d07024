import { caHealthNumber } from './ca-health-number.ts';
import { detectorSuite } from './detector.suite.ts';

detectorSuite(caHealthNumber, {
  finds: [
    'OHIP: ⟦1234-567-890 AB⟧',
    'my health card number is ⟦1234 567 890⟧.',
    'PHN ⟦9876543210⟧',
    'Alberta health care number ⟦12345-6789⟧',
    'RAMQ ⟦ABCD 1234 5678⟧',
    "numéro d'assurance maladie: ⟦ABCD12345678⟧",
    'MCP number ⟦123456789012⟧',
    'health card: ⟦N1234567⟧',
    '"healthCardNumber": "⟦1234567890⟧"',
  ],
  passes: [
    '1234-567-890 AB',
    'health is 1234567890',
    'health card: 1111111111',
    'health card 12345',
    'health card {CA_HEALTH_NUMBER} 1234567890',
    'health card. 1234567890',
    'health card: 12345678901',
  ],
  hostile: ['health card ', 'OHIP 1', 'phn: ', '1234 567 ', 'health card number is a'],
});
