import { cardSecurityCode } from './card-security-code.ts';
import { detectorSuite } from './detector.suite.ts';

detectorSuite(cardSecurityCode, {
  finds: [
    'CVV ⟦123⟧',
    'cvv2: ⟦1234⟧.',
    'the security code is ⟦123⟧',
    'card verification value = ⟦123⟧',
    'CVC (⟦123⟧)',
    'Kartenprüfnummer: ⟦123⟧',
    'cryptogramme visuel : ⟦123⟧',
    'código de seguridad: ⟦123⟧',
    '4111 1111 1111 1111 12/27 ⟦123⟧',
    '4111111111111111, 12/2027, ⟦123⟧.',
    '{"cvv": ⟦123⟧}',
  ],
  passes: [
    '6011546511247784, 10/19/1972',
    '123',
    'cvv 12345',
    'cvv is three digits',
    'security 123',
    'cvv 12/27',
    'cvv {CREDIT_DEBIT_CARD_CVV} 123',
    'on 12/27 123 came',
  ],
  hostile: ['cvv ', 'cvv 1', 'security code ', '12/27 ', '4111 12/27 12'],
});
