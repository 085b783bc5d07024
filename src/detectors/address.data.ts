/** Words that streets are named with, as sources of patterns; small letters where the case does not matter. */
export const streetNames = {
  /** Behind the name: `Main Street`. */
  behind:
    'street|st|avenue|ave|av|road|rd|drive|dr|lane|ln|boulevard|blvd|court|ct|place|pl|square|sq|terrace|ter|way|' +
    'circle|cir|crescent|cres|close|highway|hwy|parkway|pkwy|trail|trl|turnpike|alley|mews|gardens|grove|row|walk|' +
    'quay|hill|loop|plaza|expressway|freeway|path|pike|run|crossing|xing|heights|park',
  /** In front of the name: `Rue de la Paix`. */
  before:
    'rue|avenue|boulevard|chemin|impasse|quai|via|viale|piazza|corso|rua|calle|avenida|avda|carrera|paseo|plaza|' +
    'camino|estrada|largo|travessa|praca|ulica|ul|aleja|strada|am|an der|zum|zur',
  /** At the end of the name: `Hauptstraße`. */
  compound:
    'strasse|straße|stra.e|str|weg|platz|allee|gasse|ring|damm|ufer|straat|laan|plein|kade|gatan|vagen|veien|vei|gata|gade|vej|alle|' +
    'katu|tie',
  /** States and territories of the United States, their armed forces abroad among them. */
  states:
    'AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR ' +
    'PA RI SC SD TN TX UT VT VA WA WV WI WY DC PR VI GU AS MP AA AE AP',
} as const;
