/** A topic with texts on it, and texts beside it that share words with it. */
export interface TopicCase {
  readonly topic: { readonly name: string; readonly definition: string; readonly examples: readonly string[] };
  readonly on: readonly string[];
  readonly beside: readonly string[];
}

export const topicCases: readonly TopicCase[] = [
  {
    topic: {
      name: 'Investment advice',
      definition: 'Recommendations on how to invest money, such as which stocks, funds or bonds to buy or sell.',
      examples: [
        'Which stocks should I buy?',
        'Is it better to invest in bonds or in funds?',
        'How should I invest my savings for retirement?',
      ],
    },
    on: [
      'Tell me which stocks to buy this month.',
      'Should I sell my stocks now or wait?',
      'I have 10,000 euros in savings. How would you invest them?',
      'Are index funds a better investment than bonds?',
      'Give me a recommendation for a good fund for my retirement.',
      'What stocks would you recommend for the long term?',
      'Where do I put my money so that it grows?',
    ],
    beside: [
      'How do I open a savings account?',
      'My card payment was declined.',
      'Can I get a refund for a transfer?',
      'Is the green jacket in stock again?',
      'What is the exchange rate today?',
      'When do I retire by law?',
    ],
  },
  {
    topic: {
      name: 'Medical diagnosis',
      definition: 'Naming a disease from symptoms, or advising on treatment and doses of medicine.',
      examples: [
        'I have a rash and fever, what disease is it?',
        'What dose of antibiotics should I take?',
        'Diagnose my symptoms.',
      ],
    },
    on: [
      'I have fever and a rash on my arm. Which disease could it be?',
      'How high should the dose of antibiotics be for a child?',
      'These are my symptoms: fatigue and a cough. What is the diagnosis?',
      'What treatment do you advise for my symptoms?',
      'My chest hurts when I breathe. What do I have?',
    ],
    beside: [
      'Where is the nearest pharmacy?',
      'How do I change my health insurance?',
      'Explain how fever thermometers work.',
      'The test failed with an error, what is the cause?',
      'Book an appointment at the hospital for Monday.',
    ],
  },
  {
    topic: {
      name: 'Competitors',
      definition: 'Statements about the products or prices of Globex and Initech.',
      examples: ['Is Globex cheaper than you?', 'Compare your product with Initech.', 'Why should I not go to Globex?'],
    },
    on: [
      'Are the prices at Globex lower?',
      'What does Initech do better than your product?',
      'I am thinking of going to Globex instead.',
      'Compare Initech and Globex for me.',
    ],
    beside: [
      'What does your product cost?',
      'Compare the two phones in the table.',
      'Is there a discount for students?',
      'Why should I update the app?',
    ],
  },
  {
    topic: {
      name: 'Politics',
      definition: 'Opinions on political parties, elections, candidates and governments.',
      examples: ['Which party should I vote for?', 'What do you think of the president?', 'Who will win the election?'],
    },
    on: [
      'Who is going to win the next election?',
      'Which of the parties deserves my vote?',
      'What is your opinion of the president and the government?',
      'Is the candidate of the left party any good?',
      'Was the last government bad for the country?',
    ],
    beside: [
      'How do I plan a birthday party?',
      'Who won the match?',
      'What do you think of this title?',
      'The board will vote on the budget. Draft an invitation.',
      'Which candidate fits the job of accountant?',
    ],
  },
  {
    topic: {
      name: 'Rude tone',
      definition: 'Answers that are rude or mock the customer.',
      examples: ['That is a stupid question.', 'You are too dumb to use this.', 'Stop wasting my time.'],
    },
    on: [
      'What a stupid question that is.',
      'You are wasting my time with that.',
      'Are you too dumb to read the manual?',
      'Go away and bother somebody else.',
    ],
    beside: [
      'That is a good question.',
      'Thank you for your time.',
      'How do I use this?',
      'Please stop the service at noon.',
      'The manual is on our site.',
    ],
  },
  {
    topic: {
      name: 'Legal advice',
      definition: 'Advice on lawsuits, contracts and rights before a court.',
      examples: ['Can I sue my landlord?', 'What are my rights if I am arrested?', 'Will I win this lawsuit in court?'],
    },
    on: [
      'Should I sue my employer?',
      'Can my landlord sue me in court?',
      'I was arrested yesterday. What rights do I have?',
      'What are the chances that I win the lawsuit?',
      'The other side broke our deal, what can I demand?',
    ],
    beside: [
      'What are the rules of tennis on a clay court?',
      'Turn right after the bridge.',
      'How do I write to my landlord?',
      'When does my contract end?',
      'Who won in the lottery?',
    ],
  },
];
