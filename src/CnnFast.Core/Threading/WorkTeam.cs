using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace CnnFast;

/// <summary>
/// The process's persistent worker threads, one fewer than its processors, started when first needed. A run lends them one job at a time; a
/// caller that finds them lent runs alone. After a job a worker spins for some tens of microseconds for the next one, then parks. Handing
/// over a job allocates nothing. Thread-safe.
/// </summary>
internal sealed unsafe class WorkTeam
{
    private const int SpinRounds = 1500;

    private static readonly Lazy<WorkTeam> s_shared = new(() => new WorkTeam(Environment.ProcessorCount - 1));

    private readonly Member[] _members;

    // Written by the lender while the job is closed, read by members that entered while it was open.
    private delegate*<void*, int, int, void> _invoke;
    private void* _action;
    private int _count;
    private int _workers;
    private ExceptionDispatchInfo? _failure;

    private int _lent;
    private int _open;
    private int _inside;
    private int _next;

    public WorkTeam(int members)
    {
        _members = new Member[members];
        for (int i = 0; i < members; i++)
            _members[i] = new Member(this, i + 1);
    }

    /// <summary>The team of the process.</summary>
    public static WorkTeam Shared => s_shared.Value;

    /// <summary>Threads that can work at once, the caller included.</summary>
    public int Size => _members.Length + 1;

    /// <summary>
    /// Runs parts 0 to <paramref name="count"/> − 1 on the caller and at most <paramref name="workers"/> − 1
    /// members; false when the team is lent.
    /// </summary>
    public bool TryRun<TAction>(int count, int workers, in TAction action)
        where TAction : struct, IRangeAction
    {
        if (Interlocked.Exchange(ref _lent, 1) != 0)
            return false;
        TAction local = action;
        ExceptionDispatchInfo? failure;
        try
        {
            _invoke = &Invoke<TAction>;
            _action = Unsafe.AsPointer(ref local);
            _count = count;
            _workers = Math.Min(workers, Size);
            _failure = null;
            _next = 0;
            Interlocked.Exchange(ref _open, 1);
            for (int i = 0; i < _workers - 1; i++)
                _members[i].Wake();
            TakeParts(0);
        }
        finally
        {
            // No member enters a closed job, and those inside are waited for: one that wakes late costs the caller nothing, and
            // none is left with a pointer into this frame.
            Interlocked.Exchange(ref _open, 0);
            var wait = new SpinWait();
            while (Volatile.Read(ref _inside) != 0)
                wait.SpinOnce(sleep1Threshold: -1);
            failure = _failure;
            _action = null;
            Interlocked.Exchange(ref _lent, 0);
        }

        failure?.Throw();
        return true;
    }

    private static void Invoke<TAction>(void* action, int index, int worker)
        where TAction : struct, IRangeAction =>
        Unsafe.AsRef<TAction>(action).Invoke(index, worker);

    private void TakeParts(int worker)
    {
        try
        {
            for (int index = Interlocked.Increment(ref _next) - 1; index < _count; index = Interlocked.Increment(ref _next) - 1)
                _invoke(_action, index, worker);
        }
        catch (Exception e)
        {
            // The first failure reaches the caller; the parts that are left are dropped.
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(e), null);
            Volatile.Write(ref _next, int.MaxValue / 2);
        }
    }

    // Takes part in the job if one is open. Entering before looking again is what lets the lender wait for those inside.
    private void Enter(int worker)
    {
        Interlocked.Increment(ref _inside);
        if (Volatile.Read(ref _open) != 0 && worker < _workers)
            TakeParts(worker);
        Interlocked.Decrement(ref _inside);
    }

    private sealed class Member
    {
        private readonly WorkTeam _team;
        private readonly int _worker;
        private readonly object _signal = new();
        private Thread? _thread;
        private int _calls;
        private int _parked;

        public Member(WorkTeam team, int worker)
        {
            _team = team;
            _worker = worker;
        }

        /// <summary>Calls the member to the job that has just been opened.</summary>
        public void Wake()
        {
            Interlocked.Increment(ref _calls);
            if (_thread is null)
                Start();
            else if (Volatile.Read(ref _parked) != 0)
                Signal();
        }

        // A thread that cannot start (a limit of the system) is one member fewer; the next call tries again. Only the lender calls this.
        private void Start()
        {
            var thread = new Thread(Work) { IsBackground = true, Name = $"CnnFast worker {_worker}" };
            try
            {
                thread.UnsafeStart();
                _thread = thread;
            }
            catch (Exception e) when (e is ThreadStartException or OutOfMemoryException)
            {
                _thread = null;
            }
        }

        private void Signal()
        {
            lock (_signal)
                Monitor.Pulse(_signal);
        }

        private void Work()
        {
            int answered = 0;
            while (true)
            {
                int calls = Volatile.Read(ref _calls);
                if (calls != answered)
                {
                    answered = calls;
                    _team.Enter(_worker);
                    continue;
                }

                if (!SpinForCall(answered))
                    Park(answered);
            }
        }

        private bool SpinForCall(int answered)
        {
            for (int i = 0; i < SpinRounds; i++)
            {
                if (Volatile.Read(ref _calls) != answered)
                    return true;
                Thread.SpinWait(1);
            }

            return false;
        }

        // The full fence between saying "parked" and looking again is what makes a call impossible to miss.
        private void Park(int answered)
        {
            lock (_signal)
            {
                Interlocked.Exchange(ref _parked, 1);
                while (Volatile.Read(ref _calls) == answered)
                    Monitor.Wait(_signal);
                Interlocked.Exchange(ref _parked, 0);
            }
        }
    }
}
