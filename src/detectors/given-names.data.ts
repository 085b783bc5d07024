/**
 * Common given names in English, German, French and Spanish, in small letters and without marks; none that is also a
 * word, a month, a town or a country.
 */
export const givenNames: readonly string[] = (
  'james john robert michael william david richard joseph thomas charles christopher daniel matthew anthony ' +
  'donald steven paul andrew joshua kenneth kevin brian george edward ronald timothy jason jeffrey ryan jacob ' +
  'gary nicholas eric jonathan stephen larry justin scott brandon benjamin samuel gregory alexander patrick ' +
  'raymond dennis jerry tyler aaron jose adam nathan henry douglas zachary peter kyle walter ethan jeremy harold ' +
  'keith roger noah gerald terry arthur lawrence jesse dylan bryan joe billy albert bruce willie gabriel logan ' +
  'alan juan ralph roy eugene randy vincent russell elijah louis bobby philip johnny simon oliver harry liam ' +
  'lucas mason hugh ian graham mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa ' +
  'nancy betty sandra margaret ashley kimberly emily donna michelle carol amanda melissa deborah stephanie ' +
  'rebecca sharon laura cynthia dorothy amy kathleen angela shirley brenda emma anna pamela nicole samantha ' +
  'katherine christine helen debra rachel carolyn janet maria catherine heather diane olivia julie joyce ' +
  'victoria ruth kelly lauren christina joan evelyn judith andrea hannah megan cheryl jacqueline martha teresa ' +
  'gloria sara janice ann anne kathryn abigail sophia frances jean alice judy isabella julia denise beverly ' +
  'danielle theresa marilyn diana natalie brittany kayla alexis lori tiffany jane caroline claire fiona gemma ' +
  'lucy molly sophie zoe hans klaus jurgen gunter gunther wolfgang heinz helmut gerhard dieter horst werner ' +
  'manfred bernd uwe stefan andreas matthias sebastian florian tobias markus martin jan jens lars sven torsten ' +
  'ulrich rainer friedrich karl kurt otto fritz felix jonas lukas leon maximilian moritz niklas ursula ingrid ' +
  'renate helga monika gisela karin brigitte sabine petra birgit heike kerstin katrin katharina johanna lena ' +
  'leonie greta heidi anja antje silke pierre jacques philippe francois alain michel bernard andre marcel ' +
  'rene guillaume julien laurent olivier pascal thierry yves mathieu antoine benoit cedric etienne fabrice ' +
  'frederic gerard gilles henri herve jerome lucien luc marc nicolas xavier isabelle nathalie sylvie valerie ' +
  'veronique celine chantal dominique elodie emilie francoise genevieve helene jeanne juliette madeleine manon ' +
  'margaux mathilde monique odile camille chloe carlos luis miguel francisco javier manuel antonio pedro ' +
  'alejandro fernando jorge alberto rafael pablo sergio andres ricardo eduardo enrique ramon roberto raul diego ' +
  'alvaro ignacio jaime joaquin julio gonzalo guillermo gustavo hector hugo ivan oscar ruben santiago tomas ' +
  'carmen ana isabel pilar dolores cristina lucia marta elena rosa mercedes beatriz silvia raquel rocio ines ' +
  'paula alicia sofia gabriela alejandra mariana guadalupe juana mohammed muhammad mohamed ahmed ali omar hassan ' +
  'fatima aisha yusuf ibrahim wei hiroshi yuki raj priya anil sanjay vladimir dmitri sergei alexei olga natasha ' +
  'tatiana svetlana giovanni giuseppe francesca giulia marco luca matteo sean'
).split(' ');
