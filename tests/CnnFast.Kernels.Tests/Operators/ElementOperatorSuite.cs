using CnnFast.Operators;
using CnnFast.Testing;

namespace CnnFast.Kernels.Tests;

/// <summary>The activations and their gradients, each on seeded data that is large enough for a scheduler to hand out parts and has a tail.</summary>
internal sealed class ElementOperatorSuite
{
    private const int Length = 100_003;

    private readonly List<OperatorSuite.Entry> _entries = [];

    public ElementOperatorSuite(IsaLevel? isa = null)
        : this(
            KernelSelection.Choose(ElementwiseKernels.All, isa),
            KernelSelection.Choose(ActivationKernels.All, isa),
            KernelSelection.Choose(ActivationGradientKernels.All, isa))
    {
    }

    public ElementOperatorSuite(ElementwiseKernels elementwise, ActivationKernels activation, ActivationGradientKernels gradient)
    {
        float[] x = Array.ConvertAll(SeededData.Uniform(Length, 1), v => v * 9), dy = SeededData.Uniform(Length, 2);
        foreach (Epilogue function in ExpectedActivation.All.Where(e => e.Kind != EpilogueKind.None))
        {
            var op = ActivationOperator.Create(function, elementwise, activation, gradient);
            double[] results = SeededData.ToDouble(x);
            ExpectedActivation.Apply(function, results);
            float[] value = op.GradientNeedsInput ? x : Array.ConvertAll(results, v => (float)v);
            Add($"{function.Kind}", Length, y => s => op.Run(s, x, y));
            Add($"{function.Kind} backward", Length, dx => s => op.Backward(s, value, dy, dx));
        }
    }

    public IReadOnlyList<OperatorSuite.Entry> Entries => _entries;

    private void Add(string name, int length, Func<float[], Action<IWorkScheduler>> run)
    {
        var output = new float[length];
        _entries.Add(new OperatorSuite.Entry(name, run(output), [output]));
    }
}
