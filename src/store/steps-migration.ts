/** What schema version 3 has added: the steps of a request, made from the times and counts that version 2 kept of it. */

export const STEPS = `
CREATE TEMP VIEW kept AS SELECT
  id, status, ended_at,
  state ->> 'requestedAt' AS requested_at, state ->> 'deliveredAt' AS delivered_at, state ->> 'runningAt' AS running_at,
  -- What the last attempt came to is a step of its own, or will be.
  (state ->> 'attempts') - (status = 'parked' OR (state ->> 'deliveredAt') IS NOT NULL OR (state ->> 'attempting')) AS failed,
  state ->> 'notBefore' AS last_tried_at, state ->> 'failure' AS failure,
  state ->> '$.outcome.status' AS said, state ->> '$.outcome.at' AS said_at,
  substr(state ->> '$.outcome.message', 1, 500) AS message,
  CASE state ->> '$.outcome.message' WHEN 'version ' || (state ->> '$.outcome.version') || ' was first seen'
    THEN 'version_seen' END AS seen
FROM requests;
CREATE TEMP VIEW steps AS
  SELECT 1 AS place, id, 'requested' AS event, requested_at AS at, requested_at AS last_at, 1 AS count, NULL AS reason, NULL AS detail FROM kept
  UNION ALL SELECT 2, id, 'omitted', requested_at, coalesce(delivered_at, ended_at, last_tried_at), failed, NULL, NULL FROM kept WHERE failed > 0
  UNION ALL SELECT 3, id, 'delivered', delivered_at, delivered_at, 1, NULL, NULL FROM kept WHERE delivered_at IS NOT NULL
  UNION ALL SELECT 4, id, 'parked', last_tried_at, last_tried_at, 1, failure, NULL FROM kept WHERE status = 'parked'
  UNION ALL SELECT 5, id, 'running', running_at, running_at, 1, NULL, iif(said = 'running', message, NULL) FROM kept WHERE running_at IS NOT NULL
  UNION ALL SELECT 6, id, status, ended_at, ended_at, 1, NULL, NULL FROM kept WHERE ended_at IS NOT NULL AND status <> 'delivered' AND status IS NOT said
  UNION ALL SELECT 7, id, said, said_at, said_at, 1, seen, message FROM kept WHERE said <> 'running';
UPDATE requests SET state = json_set(state, '$.steps', (
  SELECT json_group_array(json_object(
    'event', event, 'at', at, 'lastAt', last_at, 'count', count, 'reason', reason, 'detail', detail)
    ORDER BY place)
  FROM steps WHERE steps.id = requests.id));
DROP VIEW steps; DROP VIEW kept;
`;
