import { detectorSuite } from './detector.suite.ts';
import { pin } from './pin.ts';

detectorSuite(pin, {
  finds: [
    'my PIN is ⟦4821⟧.',
    'pin: ⟦482193⟧',
    'PIN code ⟦4821⟧',
    'the PIN for my card is ⟦4821⟧',
    'Geheimzahl: ⟦4821⟧',
    'code secret : ⟦4821⟧',
    '{"pin": ⟦4821⟧}',
    'personal identification number ⟦0000⟧',
  ],
  passes: ['4821', 'pin 12', 'pint 4821', 'spin 4821', 'pin {PIN} 4821', 'pin 48219345', 'pinned 4821', 'pin 4821-22'],
  hostile: ['pin ', 'pin 4', 'pin for a', 'my pin ', 'code secret '],
});
