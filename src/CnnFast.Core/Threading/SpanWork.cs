namespace CnnFast;

/// <summary>Runs work on spans with a scheduler, for code that holds no pointers. Allocates nothing.</summary>
internal static unsafe class SpanWork
{
    /// <summary>Runs parts 0 to <paramref name="parts"/> − 1 and returns when all have run.</summary>
    /// <param name="s">Where the work runs.</param>
    /// <param name="parts">Parts, cut by sizes alone.</param>
    /// <param name="cost">Estimated cost of all parts together, as <see cref="IWorkScheduler"/> counts it.</param>
    /// <param name="spans">The memory.</param>
    /// <param name="scratchBytes">How much of the scratch memory a thread has.</param>
    /// <param name="action">What runs.</param>
    public static void Run<TAction>(IWorkScheduler s, int parts, long cost, in WorkSpans spans, int scratchBytes, in TAction action)
        where TAction : struct, ISpanAction
    {
        fixed (float* a = spans.A, b = spans.B, c = spans.C, result = spans.Result)
        fixed (byte* scratch = spans.Scratch)
        {
            var memory = new Pinned(a, spans.A.Length, b, spans.B.Length, c, spans.C.Length, result, spans.Result.Length, scratch,
                scratchBytes);
            s.Run(parts, cost, new PartAction<TAction>(memory, action));
        }
    }

    private readonly struct Pinned(float* a, int lengthA, float* b, int lengthB, float* c, int lengthC, float* result, int resultLength,
        byte* scratch, int scratchBytes)
    {
        private readonly float* _a = a;
        private readonly float* _b = b;
        private readonly float* _c = c;
        private readonly float* _result = result;
        private readonly byte* _scratch = scratch;

        public WorkSpans ForWorker(int worker) => new()
        {
            A = new ReadOnlySpan<float>(_a, lengthA),
            B = new ReadOnlySpan<float>(_b, lengthB),
            C = new ReadOnlySpan<float>(_c, lengthC),
            Result = new Span<float>(_result, resultLength),
            Scratch = new Span<byte>(_scratch + ((nint)worker * scratchBytes), scratchBytes),
        };
    }

    private readonly struct PartAction<TAction>(Pinned memory, TAction action) : IRangeAction
        where TAction : struct, ISpanAction
    {
        private readonly Pinned _memory = memory;
        private readonly TAction _action = action;

        public void Invoke(int index, int worker) => _action.Invoke(index, _memory.ForWorker(worker));
    }
}
