using CnnFast.Operators;
using CnnFast.Testing;

namespace CnnFast.Kernels.Tests;

/// <summary>
/// Every operator but the convolutions, each on seeded data of its own that is large enough for a scheduler to hand out parts and has a
/// tail in every dimension. A run resets what it updates in place, so it can be repeated.
/// </summary>
internal sealed class OperatorSuite
{
    private const int Length = 100_003;

    private readonly List<Entry> _entries = [];

    public OperatorSuite(IsaLevel? isa = null)
        : this(
            KernelSelection.Choose(ElementwiseKernels.All, isa),
            KernelSelection.Choose(PoolKernels.All, isa),
            KernelSelection.Choose(SoftmaxKernels.All, isa),
            KernelSelection.Choose(OptimizerKernels.All, isa))
    {
    }

    public OperatorSuite(ElementwiseKernels elementwise, PoolKernels pool, SoftmaxKernels softmax, OptimizerKernels optimizer)
    {
        AddElementwise(ElementwiseOperators.Create(elementwise));
        AddCopies();
        AddPools(pool, "2×2", Pool2DGeometry.Create(Shape.Nhwc(4, 40, 36, 45), 2, 2, 2, 2));
        AddPools(pool, "3×2 with padding and dilation",
            Pool2DGeometry.Create(Shape.Nhwc(5, 23, 31, 37), 3, 2, 2, 1, Padding.Explicit(2, 1, 1, 1), 2, 1));
        AddPools(pool, "global", Pool2DGeometry.Global(Shape.Nhwc(9, 17, 19, 61)));
        AddSoftmax(softmax, 4003, 10);
        AddSoftmax(softmax, 37, 1003);
        AddOptimizers(optimizer);
    }

    public IReadOnlyList<Entry> Entries => _entries;

    private void AddElementwise(ElementwiseOperators op)
    {
        float[] a = SeededData.Uniform(Length, 1), b = SeededData.Uniform(Length, 2);
        var relu = ActivationOperator.Create(Activation.ReLU);
        AddFilled("ReLU", Length, y => s => relu.Run(s, a, y));
        AddFilled("ReLUBackward", Length, y => s => relu.Backward(s, a, b, y));
        AddFilled("Add", Length, y => s => op.Add(s, a, b, y));
        AddFilled("Dropout", Length, y => s => op.Dropout(s, a, y, 0.3f, 5, 6));
        AddFilled("DropoutBackward", Length, y => s => op.DropoutBackward(s, b, y, 0.3f, 5, 6));
    }

    private void AddCopies()
    {
        float[] narrow = SeededData.Uniform(3001 * 13, 3), wide = SeededData.Uniform(3001 * 40, 4);
        AddFilled("Copy", narrow.Length, y => s => CopyOperators.Copy(s, narrow, y));
        AddFilled("CopyChannels to a wider tensor", wide.Length,
            y => s => CopyOperators.CopyChannels(s, 3001, 13, narrow, 13, y.AsSpan(20, (3000 * 40) + 13), 40));
        AddFilled("CopyChannels from a wider tensor", narrow.Length,
            y => s => CopyOperators.CopyChannels(s, 3001, 13, wide.AsSpan(20, (3000 * 40) + 13), 40, y, 13));
    }

    private void AddPools(PoolKernels kernels, string name, Pool2DGeometry g)
    {
        var test = new Pool2DCase(g, 3);
        float[] x = test.X(), dy = test.DY(), maxima = test.ExpectMaxForward(x);
        MaxPool2DOperator max = MaxPool2DOperator.Create(g, kernels);
        MaxPool2DBackward maxBackward = MaxPool2DBackward.Create(g, kernels);
        AveragePool2DOperator average = AveragePool2DOperator.Create(g, false, kernels);
        AveragePool2DBackward averageBackward = AveragePool2DBackward.Create(g, false, kernels);
        AddFilled($"MaxPool2D {name}", dy.Length, y => s => max.Run(s, g.N, x, y));
        AddFilled($"MaxPool2DBackward {name}", x.Length, dx => s => maxBackward.Run(s, g.N, x, maxima, dy, dx));
        AddFilled($"AveragePool2D {name}", dy.Length, y => s => average.Run(s, g.N, x, y));
        AddFilled($"AveragePool2DBackward {name}", x.Length, dx => s => averageBackward.Run(s, g.N, dy, dx));
    }

    private void AddSoftmax(SoftmaxKernels kernels, int rows, int classes)
    {
        var test = new SoftmaxCase(rows, classes, 4f);
        int count = rows * classes;
        float[] gradient = SeededData.Uniform(count, 9);
        float[] probabilities = Array.ConvertAll(SeededData.Uniform(count, 8), v => v * v);
        SoftmaxOperator softmax = SoftmaxOperator.Create(kernels);
        SoftmaxBackward backward = SoftmaxBackward.Create(kernels);
        SoftmaxCrossEntropyOperator loss = SoftmaxCrossEntropyOperator.Create(kernels);
        AddFilled($"Softmax {rows}×{classes}", count, y => s => softmax.Run(s, rows, classes, test.Logits, y));
        AddFilled($"SoftmaxBackward {rows}×{classes}", count, dx => s => backward.Run(s, rows, classes, probabilities, gradient, dx));
        float[] dx = new float[count], dz = new float[count], losses = new float[4];
        Add($"SoftmaxCrossEntropy {rows}×{classes}", s => Split(loss.Run(s, new CrossEntropyArguments
        {
            Rows = rows,
            Classes = classes,
            Logits = test.Logits,
            Labels = test.Labels,
            Gradient = dx,
            Scale = 1,
            IsMean = true,
        }).Sum, losses, 0), dx, losses);
        Add($"SoftmaxCrossEntropy soft {rows}×{classes}", s => Split(loss.Run(s, new CrossEntropyArguments
        {
            Rows = rows,
            Classes = classes,
            Logits = test.Logits,
            Targets = test.Targets,
            Smoothing = 0.1f,
            Gradient = dz,
            Scale = 1,
        }).Sum, losses, 2), dz, losses);
    }

    private void AddOptimizers(OptimizerKernels kernels)
    {
        AddOptimizer(kernels, new SgdRule(0.1f, 0.9f, 0.01f) { Fresh = 0.75f });
        AddOptimizer(kernels, new NesterovRule(0.1f, 0.9f, 0.01f));
        var adam = AdamRule.Create(7, 0.001f, 0.9f, 0.999f, 1e-8f, 0.01f);
        AddOptimizer(kernels, adam);
        AddOptimizer(kernels, new AdamWRule(adam, 0.99f));
        AddOptimizer(kernels, new AmsGradRule(adam, 0.99f));
        var rms = new RmsPropRule(0.01f, 0.9f, 0.1f, 1e-8f, 0.9f, 0.01f);
        AddOptimizer(kernels, rms);
        AddOptimizer(kernels, new CenteredRmsPropRule(rms));
        AddOptimizer(kernels, new AdagradRule(0.1f, 1e-8f, 0.01f));
        AddOptimizer(kernels, new LionRule(0.01f, 0.9f, 0.1f, 0.99f, 0.01f, 0.99f));
        AddOptimizer(kernels, new WeightAverageRule(0.1f));
    }

    private void AddOptimizer<TRule>(OptimizerKernels kernels, TRule rule)
        where TRule : unmanaged, IUpdateRule
    {
        float[] w = SeededData.Uniform(Length, 10), g = SeededData.Uniform(Length, 11);
        float[][] state =
        [
            .. Enumerable.Range(12, TRule.Remembered).Select(seed => Array.ConvertAll(SeededData.Uniform(Length, seed), x => x * x)),
        ];
        float[][] changed = [.. state.Prepend(w).Select(values => new float[values.Length])];
        var op = UpdateOperator<TRule>.Create(kernels);
        Add(TRule.Name, s =>
        {
            w.CopyTo(changed[0], 0);
            for (int i = 0; i < state.Length; i++)
                state[i].CopyTo(changed[i + 1], 0);
            op.Run(changed[0], g, At(1), At(2), At(3), rule);
        }, changed);

        Span<float> At(int index) => index < changed.Length ? changed[index] : [];
    }

    private void AddFilled(string name, int length, Func<float[], Action<IWorkScheduler>> run)
    {
        var output = new float[length];
        Add(name, run(output), output);
    }

    private void Add(string name, Action<IWorkScheduler> run, params float[][] outputs) => _entries.Add(new Entry(name, run, outputs));

    // All bits of the loss count.
    private static void Split(double loss, float[] halves, int at)
    {
        long bits = BitConverter.DoubleToInt64Bits(loss);
        halves[at] = BitConverter.Int32BitsToSingle((int)bits);
        halves[at + 1] = BitConverter.Int32BitsToSingle((int)(bits >> 32));
    }

    /// <summary>One operator.</summary>
    /// <param name="Name">Its name and sizes.</param>
    /// <param name="Run">Runs it on a scheduler.</param>
    /// <param name="Outputs">All that it writes.</param>
    public sealed record Entry(string Name, Action<IWorkScheduler> Run, float[][] Outputs)
    {
        /// <summary>The bytes of the outputs of a run that starts from outputs full of NaN.</summary>
        public byte[] Bits(IWorkScheduler scheduler)
        {
            foreach (float[] output in Outputs)
                Array.Fill(output, float.NaN);
            Run(scheduler);
            return [.. Outputs.SelectMany(output => System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(output).ToArray())];
        }
    }
}
