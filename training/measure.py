"""What the models find in the texts that each of them was kept from."""

import numpy


def report(rows, labels, margins, anchors):
    middle = numpy.array([anchor[1] for anchor in anchors])
    is_flagged = (margins >= middle).any(axis=1)
    print("  harmless, flagged by any label:")
    for kind in sorted({row.harmless for row in rows if row.harmless}):
        chosen = [index for index, row in enumerate(rows) if row.harmless == kind]
        print(f"    {kind}: {is_flagged[chosen].mean():.2%} of {len(chosen)}")
    for column, label in enumerate(labels):
        known = [index for index, row in enumerate(rows) if row.labels.get(label) == 1]
        own = [index for index in known if rows[index].group.startswith(label)]
        public = sorted(set(known) - set(own))
        found = [f"{(margins[known, column] >= anchor).mean():.1%}" for anchor in anchors[column]]
        print(f"  {label}: reach 0.25, 0.5, 0.75: {', '.join(found)} of {len(known)}", end="; ")
        for name, some in (("public", public), ("own", own)):
            print(f"{name} by any label {is_flagged[some].mean():.1%} of {len(some)}" if some else "", end="  ")
        print(f"anchors {[round(float(anchor), 3) for anchor in anchors[column]]}")


