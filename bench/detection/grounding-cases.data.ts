/** A source, and answers with whether they stand in it. */
export interface GroundingCase {
  readonly source: string;
  readonly query: string;
  readonly grounded: readonly string[];
  readonly ungrounded: readonly string[];
}

export const groundingCases: readonly GroundingCase[] = [
  {
    source:
      'The lease runs for 24 months from 1 March 2024. The monthly rent is 1,250 euros, payable in advance. Pets are not allowed without the written consent of the landlord. The tenant may terminate with three months of notice.',
    query: 'How much is the rent, and for how long does the lease run?',
    grounded: [
      'The monthly rent is 1,250 euros, payable in advance.',
      'The lease runs for 24 months. The rent is 1250 euros a month.',
      'Pets are not allowed unless the landlord gives written consent.',
      'The tenant can terminate the lease with 3 months of notice.',
    ],
    ungrounded: [
      'The monthly rent is 1,520 euros, payable in advance.',
      'The lease runs for 36 months from 1 March 2024.',
      'Pets are allowed without the written consent of the landlord.',
      'The landlord must renovate the kitchen every five years.',
    ],
  },
  {
    source:
      'Take one tablet of Veralin twice a day with food. Do not take Veralin together with grapefruit juice. The most common side effects are dizziness and a dry mouth. Patients with kidney disease should take half a tablet.',
    query: 'How often do I take Veralin?',
    grounded: [
      'Take one tablet of Veralin twice a day, with food.',
      'Dizziness and a dry mouth are the most common side effects.',
      'You should not take Veralin together with grapefruit juice.',
    ],
    ungrounded: [
      'Take four tablets of Veralin twice a day with food.',
      'You can take Veralin together with grapefruit juice.',
      'Veralin is safe during pregnancy and cures migraine.',
      'Patients with liver disease should avoid alcohol and caffeine.',
    ],
  },
  {
    source:
      'Northwind reported revenue of 4.2 billion dollars in 2023, an increase of 8 percent. Net profit fell to 310 million dollars. The chief executive, Maria Olsen, said that the company will open two plants in Poland. No dividend will be paid.',
    query: 'What was the revenue of Northwind in 2023?',
    grounded: [
      'Northwind had revenue of 4.2 billion dollars in 2023, 8 percent more than before.',
      'Net profit fell to 310 million dollars.',
      'Maria Olsen, the chief executive, said the company will open two plants in Poland.',
      'The company will not pay a dividend.',
    ],
    ungrounded: [
      'Northwind reported revenue of 5.2 billion dollars in 2023.',
      'Net profit rose to 310 million dollars.',
      'The chief executive, Peter Brandt, said that the company will open two plants in Poland.',
      'A dividend of 2 dollars a share will be paid in May.',
    ],
  },
  {
    source:
      'The museum is open from Tuesday to Sunday between 10 and 18 hours. It is closed on Mondays. Admission is 12 euros for adults; children under six enter free. Guided tours start at 11 and 15 hours at the main entrance.',
    query: 'When is the museum open?',
    grounded: [
      'The museum opens from Tuesday to Sunday, between 10 and 18 hours.',
      'On Mondays the museum is closed.',
      'Adults pay 12 euros and children under six enter free.',
    ],
    ungrounded: [
      'The museum opens from Tuesday to Sunday, between 8 and 20 hours.',
      'On Mondays the museum is open.',
      'Adults pay 25 euros, and students get a discount on weekdays.',
    ],
  },
  {
    source:
      'Employees earn 25 days of paid leave a year. Up to five days may be carried over into the next year and expire on 31 March. Sick leave needs a medical certificate from the third day on. Remote work is permitted on two days a week.',
    query: 'How many days of leave can I carry over?',
    grounded: [
      'Employees earn 25 days of paid leave a year.',
      'You may carry over up to five days into the next year; they expire on 31 March.',
      'Remote work is permitted two days a week.',
    ],
    ungrounded: [
      'Employees earn 30 days of paid leave a year.',
      'You may carry over up to ten days into the next year.',
      'Remote work is prohibited on two days a week.',
      'Parental leave is paid in full for six months.',
    ],
  },
  {
    source:
      'The Arlen bridge was built in 1932 and is 410 metres long. The architect Otto Lind designed it. It carries four lanes and a cycle path. Lorries above 40 tonnes must not cross it.',
    query: 'Who designed the Arlen bridge?',
    grounded: [
      'Otto Lind designed the bridge, which was built in 1932.',
      'The Arlen bridge is 410 metres long and carries four lanes and a cycle path.',
      'Lorries above 40 tonnes must not cross the bridge.',
    ],
    ungrounded: [
      'Anna Weiss designed the bridge, which was built in 1932.',
      'The Arlen bridge is 910 metres long.',
      'Lorries below 40 tonnes must not cross the bridge.',
    ],
  },
  {
    source:
      'To reset the device, hold the power button for ten seconds until the lamp turns blue. All settings are deleted. The warranty lasts two years and does not cover damage by water. Support answers on weekdays.',
    query: 'How do I reset the device?',
    grounded: [
      'Hold the power button for ten seconds until the lamp turns blue.',
      'The warranty lasts 2 years. Damage by water is not covered.',
    ],
    ungrounded: [
      'Hold the volume keys for thirty seconds until the screen flashes.',
      'The warranty lasts five years and covers damage by water.',
      'All settings are kept when the device is reset by an engineer in Berlin.',
    ],
  },
  {
    source:
      'Transfers within the country arrive on the next working day and are free. Transfers abroad cost 15 francs and take three working days. The daily limit is 10,000 francs. Orders after 16 hours count for the next day.',
    query: 'What does a transfer abroad cost?',
    grounded: [
      'A transfer abroad costs 15 francs and takes three working days.',
      'Transfers within the country are free and arrive on the next working day.',
      'The daily limit is 10000 francs.',
    ],
    ungrounded: [
      'A transfer abroad costs 50 francs and takes three working days.',
      'The daily limit is 100,000 francs.',
      'Orders before 16 hours count for the next day.',
      'Transfers to crypto exchanges are insured against theft.',
    ],
  },
];

/** A question with answers that are about it, and answers that are about something else. */
export interface RelevanceCase {
  readonly query: string;
  readonly relevant: readonly string[];
  readonly irrelevant: readonly string[];
}

export const relevanceCases: readonly RelevanceCase[] = [
  {
    query: 'What is the capital of Australia?',
    relevant: ['The capital of Australia is Canberra.', 'Canberra.'],
    irrelevant: ['Boil the pasta for eight minutes.', 'our shop has jackets in all sizes and colours for the winter.'],
  },
  {
    query: 'How many days of paid leave do new employees get?',
    relevant: [
      'New employees get 25 days of paid leave.',
      '25 days.',
      'In the first year, leave is 20 days for employees.',
    ],
    irrelevant: [
      'The printer is on the second floor beside the kitchen.',
      'Our founder was born in a small village in the north.',
    ],
  },
  {
    query: 'How do I reset the password of my account?',
    relevant: [
      'To reset your password, open the account page and choose "forgot password".',
      'Choose a new password on the settings page of your account.',
    ],
    irrelevant: ['Basil needs much light and little water.', 'The match ended in a draw after extra time.'],
  },
  {
    query: 'Is it safe to take ibuprofen with alcohol?',
    relevant: ['Taking ibuprofen with alcohol raises the risk of bleeding and is not safe.', 'No, avoid it.'],
    irrelevant: [
      'The train to Lyon leaves from platform four.',
      'Shares of the company rose by three percent on Monday.',
    ],
  },
  {
    query: 'Why was my card payment declined yesterday?',
    relevant: [
      'Your payment was declined because the card had expired.',
      'The shop sent a wrong code, so the card payment was not accepted.',
    ],
    irrelevant: ['Paris has more than a hundred museums.', 'Rust has no garbage collector.'],
  },
  {
    query: 'Which vaccines do I need for a journey to Kenya?',
    relevant: [
      'For Kenya, vaccines against yellow fever and hepatitis A are recommended.',
      'You need a yellow fever vaccine before a journey.',
    ],
    irrelevant: ['The tax return is due on 31 July.', 'Stir the sauce until it thickens.'],
  },
  {
    query: 'When was the Eiffel Tower built?',
    relevant: ['The Eiffel Tower was built between 1887 and 1889.', 'In 1889.'],
    irrelevant: ['Cats sleep for most of the day.', 'a good mattress should be neither too soft nor too hard for you'],
  },
  {
    query: 'Explain the difference between TCP and UDP.',
    relevant: [
      'TCP keeps packets in order; UDP does not and is faster.',
      'The main difference is that TCP acknowledges what arrives.',
    ],
    irrelevant: ['The recipe needs two eggs and a cup of flour.', 'My grandmother grew roses.'],
  },
];
