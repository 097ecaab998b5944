using CnnFast.Kernels;
using CnnFast.Operators;

namespace CnnFast.Benchmarks;

/// <summary>
/// The operators that visit each element once or a few times: element-wise functions, softmax and its loss, column sums and the optimizers,
/// each with a footprint (all its operands together) of the level-2 cache, the level-3 cache and memory.
/// </summary>
internal static class VectorJobs
{
    private const int SumColumns = 64;

    private static readonly (string Name, int Bytes)[] s_footprints = [("L2", 256 << 10), ("L3", 6 << 20), ("memory", 192 << 20)];

    /// <summary>Every job, footprint by footprint; buffers are made when a job is taken.</summary>
    public static IEnumerable<MemoryJob> All(IWorkScheduler s) =>
        s_footprints.SelectMany(footprint => At(footprint.Name, footprint.Bytes / sizeof(float), s));

    private static IEnumerable<MemoryJob> At(string size, int floats, IWorkScheduler s)
    {
        ElementwiseOperators op = ElementwiseOperators.Create();
        var relu = ActivationOperator.Create(Activation.ReLU);
        yield return Make("vector_relu", size, floats, 2, b => relu.Run(s, b[0].Span, b[1].Span));
        yield return Make("vector_relu_backward", size, floats, 3, b => relu.Backward(s, b[0].Span, b[1].Span, b[2].Span));
        yield return Make("vector_add", size, floats, 3, b => op.Add(s, b[0].Span, b[1].Span, b[2].Span));
        yield return Make("vector_dropout", size, floats, 2, b => op.Dropout(s, b[0].Span, b[1].Span, 0.3f, 5, 6));
        foreach (ElementFunction function in ElementFunctions.All.Where(function => function != ElementFunctions.ReLU))
        {
            var epilogue = new Epilogue(function, function.Beta is null ? 0.1f : -0.5f, 0.5f);
            yield return Make($"vector_{function.Name.ToLowerInvariant()}", size, floats, 2, b => Apply(s, epilogue, b[0], b[1]));
        }

        foreach (int classes in new[] { 10, 1000 })
        {
            SoftmaxOperator softmax = SoftmaxOperator.Create();
            SoftmaxBackward backward = SoftmaxBackward.Create();
            SoftmaxCrossEntropyOperator loss = SoftmaxCrossEntropyOperator.Create();
            var labels = new int[floats / classes];
            yield return Make($"vector_softmax_{classes}", size, floats, 2,
                b => softmax.Run(s, b[0].Length / classes, classes, Rows(b[0], classes), Rows(b[1], classes)));
            yield return Make($"vector_softmax_{classes}_backward", size, floats, 3,
                b => backward.Run(s, b[0].Length / classes, classes, Rows(b[0], classes), Rows(b[1], classes), Rows(b[2], classes)));
            yield return Make($"vector_loss_{classes}", size, floats, 2, b => loss.Run(s, new CrossEntropyArguments
            {
                Rows = b[0].Length / classes,
                Classes = classes,
                Logits = Rows(b[0], classes),
                Labels = labels.AsSpan(0, b[0].Length / classes),
                Gradient = Rows(b[1], classes),
                Scale = 1,
                IsMean = true,
            }));
        }

        ReduceKernels reduce = KernelSelection.Choose(ReduceKernels.All, null);
        yield return Make("vector_column_sum", size, floats, 1, b => ColumnSum(reduce, b[0]));
        yield return Make("vector_sgd", size, floats, 3,
            b => UpdateOperator<SgdRule>.Default.Run(b[0].Span, b[1].Span, b[2].Span, [], new SgdRule(1e-6f, 0.9f, 1e-4f)), moves: 5);
        var adam = AdamRule.Create(10, 1e-6f, 0.9f, 0.999f, 1e-8f, 0);
        yield return Make("vector_adam", size, floats, 4,
            b => UpdateOperator<AdamRule>.Default.Run(b[0].Span, b[1].Span, b[2].Span, b[3].Span, adam), moves: 7);
    }

    private static void Apply(IWorkScheduler s, Epilogue epilogue, AlignedBuffer<float> x, AlignedBuffer<float> y) =>
        s.Run((x.Length + ActivationAction.Block - 1) / ActivationAction.Block, 16L * x.Length, new ActivationAction(epilogue, x, y));

    private static Span<float> Rows(AlignedBuffer<float> buffer, int classes) => buffer.Span[..(buffer.Length / classes * classes)];

    private static unsafe void ColumnSum(ReduceKernels kernels, AlignedBuffer<float> x)
    {
        float* sums = stackalloc float[SumColumns];
        kernels.ColumnSum(x.Pointer, sums, x.Length / SumColumns, SumColumns);
    }

    // An operand that is read and written counts as two moves.
    private static MemoryJob Make(string name, string size, int floats, int operands, Action<AlignedBuffer<float>[]> run, int moves = 0)
    {
        int length = floats / operands;
        var buffers = new Lazy<AlignedBuffer<float>[]>(() =>
            [.. Enumerable.Range(0, operands).Select(i => SeededBuffer.CreatePositive(length, i + 1))]);
        return new MemoryJob(name, size, (long)length * sizeof(float) * (moves == 0 ? operands : moves), () => run(buffers.Value));
    }

    private readonly unsafe struct ActivationAction(Epilogue epilogue, AlignedBuffer<float> x, AlignedBuffer<float> y) : IRangeAction
    {
        public const int Block = 16384;

        private readonly delegate*<float*, float*, nint, float, float, void> _kernel = KernelSelection.Choose(FunctionKernels.All, null)
            .For(epilogue.Function!).Forward;

        public void Invoke(int index, int worker)
        {
            int start = index * Block;
            _kernel(x.Pointer + start, y.Pointer + start, Math.Min(Block, x.Length - start), epilogue.Alpha, epilogue.Beta);
        }
    }
}
