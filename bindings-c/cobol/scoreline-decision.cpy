*> The members of scoreline_decision, 136 bytes, for a group or a table of groups:
*>     01 decision.
*>        copy "scoreline-decision.cpy" replacing ==:d:== by ==decision==.
*> Set the size first: move scoreline-decision-size to decision-size. No member needs SYNCHRONIZED: each begins at a multiple of
*> its own length, and the library does not ask where the group begins.
   10 :d:-size            usage binary-long unsigned.
   10 :d:-status          usage binary-long unsigned.
   10 :d:-score           usage comp-2.
   10 :d:-pd              usage comp-2.
   10 :d:-limit           usage binary-double.
   10 :d:-amount          usage binary-double.
   10 :d:-instalment      usage binary-double.
   10 :d:-rate            usage comp-2.
   10 :d:-raroc           usage comp-2.
   10 :d:-rate-needed     usage comp-2.
   10 :d:-rate-cap        usage comp-2.
   10 :d:-tier            usage binary-long unsigned.
   10 :d:-outcome         usage binary-long unsigned.
   10 :d:-limit-binding   usage binary-long unsigned.
   10 :d:-rate-bound      usage binary-long unsigned.
   10 :d:-reason          usage binary-long unsigned occurs 4 times.
   10 :d:-reason-count    usage binary-long unsigned.
   10 :d:-unseen          usage binary-long unsigned.
   10 :d:-expert-score    usage comp-2.
   10 :d:-client-class    usage binary-long unsigned.
   10 :d:-reserved        usage binary-long unsigned.
