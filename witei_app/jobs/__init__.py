"""Long work: asked for by a user, done by the worker step by step, watched from any page.

A new kind of work is a function `step(db, actor, job) -> bool` in the package of its rules, entered in `jobs.kinds`.
It does a bit of the work (about `jobs.run.STEP_SECONDS`, for it holds a transaction), counts it in `job.done`, writes
where to go on into `job.checkpoint` (a new dict each time), and says whether there is more. What the step did and the
checkpoint are committed together: a worker that dies leaves nothing half done, and nothing is done twice. What cannot
be done is written down with `jobs.queue.refuse_one`, at the end `job.outcome` says what came of it.

    job = await start_job(db, actor, "bulk", later("Archiving conversations"), {"ids": ids}, total=len(ids))

The actor is whoever asked, with the permissions of the moment of each step.
"""
