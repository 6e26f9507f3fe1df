*> The members of scoreline_review, 176 bytes, for a group or a table of groups:
*>     01 review.
*>        copy "scoreline-review.cpy" replacing ==:r:== by ==review==.
*> Set the size first, in a table that of the first group: move scoreline-review-size to review-size. No member needs SYNCHRONIZED:
*> each begins at a multiple of its own length, and the library does not ask where the group begins.
   10 :r:-size            usage binary-long unsigned.
   10 :r:-status          usage binary-long unsigned.
   10 :r:-score           usage comp-2.
   10 :r:-pd              usage comp-2.
   10 :r:-to-better       usage comp-2.
   10 :r:-to-worse        usage comp-2.
   10 :r:-limit           usage binary-double.
   10 :r:-strong          usage binary-double unsigned.
   10 :r:-missing         usage binary-double unsigned.
   10 :r:-weak            usage binary-double unsigned.
   10 :r:-overlays        usage binary-double unsigned.
   10 :r:-expired         usage binary-double unsigned.
   10 :r:-indicators      usage binary-double unsigned.
   10 :r:-tier            usage binary-long unsigned.
   10 :r:-previous        usage binary-long unsigned.
   10 :r:-since           usage binary-long.
   10 :r:-indicated       usage binary-long unsigned.
   10 :r:-held            usage binary-long unsigned.
   10 :r:-forced          usage binary-long unsigned.
   10 :r:-refer           usage binary-long unsigned.
   10 :r:-decline         usage binary-long unsigned.
   10 :r:-warning         usage binary-long unsigned.
   10 :r:-change          usage binary-long unsigned.
   10 :r:-binding         usage binary-long unsigned.
   10 :r:-action          usage binary-long unsigned.
   10 :r:-next-review     usage binary-long.
   10 :r:-reason          usage binary-long unsigned occurs 4 times.
   10 :r:-reason-count    usage binary-long unsigned.
   10 :r:-unseen          usage binary-long unsigned.
   10 :r:-reserved        usage binary-long unsigned.
