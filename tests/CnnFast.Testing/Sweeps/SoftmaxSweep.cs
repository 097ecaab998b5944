using CnnFast.Kernels;
using CnnFast.Reference;

namespace CnnFast.Testing;

/// <summary>
/// Holds softmax, its gradient and softmax with cross-entropy of every tier against the reference: small and large logits, one row and
/// many; class indices and soft targets, with and without weights, smoothing and rows left out.
/// </summary>
public sealed unsafe class SoftmaxSweep : IKernelSweep
{
    private static readonly CrossEntropyOptions[] s_options =
    [
        new(), new(IsWeighted: true, Ignores: true), new(Smoothing: 0.1f, Ignores: true), new(IsWeighted: true, Smoothing: 0.2f),
        new(Focus: 2), new(IsWeighted: true, Ignores: true, Focus: 1.5f),
    ];

    private readonly IReadOnlyList<SoftmaxKernels> _sets;

    /// <summary>Sweeps the kernels of the library.</summary>
    public SoftmaxSweep()
        : this(SoftmaxKernels.All)
    {
    }

    internal SoftmaxSweep(IReadOnlyList<SoftmaxKernels> sets) => _sets = sets;

    /// <inheritdoc/>
    public string Family => "Softmax";

    /// <inheritdoc/>
    public IEnumerable<KernelReport> Run(SweepDepth depth, CancellationToken cancellationToken)
    {
        foreach (SoftmaxKernels set in _sets.Where(s => CpuInfo.IsSupported(s.Isa)))
        {
            foreach (string operation in set.Operations.Except(["Exp", "Log"]))
            {
                var tally = new KernelTally(Family, ((IKernelSet)set).NameOf(operation), set.Isa);
                foreach ((int rows, int classes) in VectorSizes.Matrices(depth))
                {
                    foreach (float spread in new[] { 4f, 300f })
                    {
                        cancellationToken.ThrowIfCancellationRequested();
                        Run(tally, set, operation, new SoftmaxCase(rows, classes, spread));
                    }
                }

                yield return tally.ToReport();
            }
        }
    }

    private static void Run(KernelTally tally, SoftmaxKernels set, string operation, SoftmaxCase test)
    {
        switch (operation)
        {
            case "Softmax":
                Forward(tally, set, test);
                break;
            case "SoftmaxBackward":
                Backward(tally, set, test);
                break;
            case "CrossEntropy":
                CrossEntropy(tally, set.CrossEntropy, test, hasLabels: true);
                break;
            case "CrossEntropySoft":
                CrossEntropy(tally, set.CrossEntropySoft, test, hasLabels: false);
                break;
            default:
                throw new InvalidOperationException($"The softmax sweep does not know the operation {operation}.");
        }
    }

    private static void Forward(KernelTally tally, SoftmaxKernels set, SoftmaxCase test)
    {
        using var x = new GuardedBuffer<float>(test.Logits, test.Side);
        using GuardedBuffer<float> y = test.Output();
        set.Softmax(x.Pointer, y.Pointer, test.Rows, test.Classes);
        Add(tally, test, test.Probabilities.Measure(y.Span), y);
        set.Softmax(x.Pointer, x.Pointer, test.Rows, test.Classes);
        Add(tally, test, test.Probabilities.Measure(x.Span), x);
    }

    private static void Backward(KernelTally tally, SoftmaxKernels set, SoftmaxCase test)
    {
        float[] probabilities = Array.ConvertAll(test.Probabilities.Values, v => (float)v);
        float[] gradient = test.Targets;
        int count = probabilities.Length;
        var expected = new double[count];
        var magnitude = new double[count];
        ReferenceSoftmax.Backward(test.Rows, test.Classes, SeededData.ToDouble(probabilities), SeededData.ToDouble(gradient), expected);
        for (int i = 0; i < count; i++)
        {
            int start = i - (i % test.Classes);
            double dot = 0;
            for (int c = 0; c < test.Classes; c++)
                dot += Math.Abs((double)probabilities[start + c] * gradient[start + c]);
            magnitude[i] = probabilities[i] * (Math.Abs(gradient[i]) + dot);
        }

        using var y = new GuardedBuffer<float>(probabilities, test.Side);
        using var dy = new GuardedBuffer<float>(gradient, test.Side);
        using GuardedBuffer<float> dx = test.Output();
        set.SoftmaxBackward(y.Pointer, dy.Pointer, dx.Pointer, test.Rows, test.Classes);
        Add(tally, test, ErrorBound.Measure(dx.Span, expected, magnitude, test.Classes), dx);
    }

    private static void CrossEntropy(KernelTally tally, delegate*<CrossEntropyRows*, nint, nint, double> kernel, SoftmaxCase softmax,
        bool hasLabels)
    {
        foreach (CrossEntropyOptions options in s_options.Where(options => hasLabels || (options.Focus == 0 && !options.Ignores)))
        {
            using var test = new CrossEntropyCase(softmax, options);
            using GuardedBuffer<float> gradient = test.Output();
            CrossEntropyRows rows = test.Rows(gradient, hasLabels), evaluated = test.Rows(null, hasLabels);
            int head = softmax.Rows / 2;
            double loss = kernel(&rows, 0, head) + kernel(&rows, head, softmax.Rows - head);
            double again = kernel(&evaluated, 0, head) + kernel(&evaluated, head, softmax.Rows - head);
            if (!gradient.SlackIsIntact)
                tally.Fail(test.ToString(), "wrote outside its output");
            else if (loss != again)
                tally.Fail(test.ToString(), FormattableString.Invariant($"the loss is {again} without a gradient and {loss} with one"));
            else
                tally.Add(test.ToString(), test.Measure(hasLabels, loss, gradient));
        }
    }

    private static void Add(KernelTally tally, SoftmaxCase test, ErrorMeasure error, params ReadOnlySpan<GuardedBuffer<float>> outputs)
    {
        foreach (GuardedBuffer<float> output in outputs)
        {
            if (!output.SlackIsIntact)
            {
                tally.Fail(test.ToString(), "wrote outside its output");
                return;
            }
        }

        tally.Add(test.ToString(), error);
    }
}
