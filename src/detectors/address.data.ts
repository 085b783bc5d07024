/** Words that streets are named with, as sources of patterns; small letters where the case does not matter. */
export const streetNames = {
  /** Behind the name: `Main Street`. */
  behind:
    'street|st|avenue|ave|av|road|rd|drive|dr|lane|ln|boulevard|blvd|court|ct|place|pl|square|sq|terrace|ter|way|' +
    'circle|cir|crescent|cres|close|highway|hwy|parkway|pkwy|trail|trl|turnpike|alley|mews|gardens|grove|row|walk|' +
    'quay|hill|loop|plaza|expressway|freeway|path|pike|run|crossing|xing|heights|park',
  /** In front of the name: `Calle Mayor`. */
  before:
    'rue|avenue|boulevard|chemin|impasse|quai|via|viale|piazza|corso|rua|calle|avenida|avda|carrera|paseo|plaza|' +
    'camino|estrada|largo|travessa|praca|ulica|ul|aleja|strada',
  /** Of these, where the number comes first: `12 rue de la Paix`. */
  numbered: 'rue|avenue|boulevard|chemin|impasse|quai',
  /** At the end of the name: `Hauptstraße`. */
  compound: 'strasse|straße|weg|platz|allee|gasse|straat|gatan|vagen|veien|gata|gade|vej|katu',
  /** States and territories of the United States, their armed forces abroad among them. */
  states:
    'AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR ' +
    'PA RI SC SD TN TX UT VT VA WA WV WI WY DC PR VI GU AS MP AA AE AP',
} as const;
