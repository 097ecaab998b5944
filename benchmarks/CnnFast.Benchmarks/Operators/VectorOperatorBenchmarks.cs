using BenchmarkDotNet.Attributes;
using CnnFast.Kernels;
using CnnFast.Operators;

namespace CnnFast.Benchmarks;

/// <summary>
/// The operators that memory bounds: element-wise functions, softmax, the loss and the optimizers, on arrays of a million floats.
/// </summary>
[MemoryDiagnoser]
public class VectorOperatorBenchmarks
{
    private const int Length = 1_000_000;
    private const int Classes = 10;

    private readonly AlignedBuffer<float> _x = SeededBuffer.Create(Length, 1);
    private readonly AlignedBuffer<float> _dy = SeededBuffer.Create(Length, 2);
    private readonly AlignedBuffer<float> _y = new(Length);
    private readonly AlignedBuffer<float> _z = new(Length);
    private readonly int[] _labels = new int[Length / Classes];
    private readonly ElementwiseOperators _elementwise = ElementwiseOperators.Create();
    private readonly ActivationOperator _relu = ActivationOperator.Create(Activation.ReLU);
    private readonly SoftmaxOperator _softmax = SoftmaxOperator.Create();
    private readonly SoftmaxCrossEntropyOperator _loss = SoftmaxCrossEntropyOperator.Create();

    /// <summary>y = ReLU(x).</summary>
    [Benchmark]
    public void ReLU() => _relu.Run(SerialScheduler.Instance, _x.Span, _y.Span);

    /// <summary>y = x + dy.</summary>
    [Benchmark]
    public void Add() => _elementwise.Add(SerialScheduler.Instance, _x.Span, _dy.Span, _y.Span);

    /// <summary>Dropout of one half.</summary>
    [Benchmark]
    public void Dropout() => _elementwise.Dropout(SerialScheduler.Instance, _x.Span, _y.Span, 0.5f, 1, 2);

    /// <summary>Softmax over rows of 10.</summary>
    [Benchmark]
    public void Softmax() => _softmax.Run(SerialScheduler.Instance, Length / Classes, Classes, _x.Span, _y.Span);

    /// <summary>Softmax cross-entropy over rows of 10, with its gradient.</summary>
    [Benchmark]
    public double Loss() => _loss.Run(SerialScheduler.Instance, new CrossEntropyArguments
    {
        Rows = Length / Classes,
        Classes = Classes,
        Logits = _x.Span,
        Labels = _labels,
        Gradient = _z.Span,
        Scale = 1,
        IsMean = true,
    }).Sum;

    /// <summary>A step of SGD with momentum and L2.</summary>
    [Benchmark]
    public void Sgd() => UpdateOperator<SgdRule>.Default.Run(_x.Span, _dy.Span, _y.Span, [], new SgdRule(1e-6f, 0.9f, 1e-4f));

    /// <summary>A step of Adam.</summary>
    [Benchmark]
    public void Adam() =>
        UpdateOperator<AdamRule>.Default.Run(_x.Span, _dy.Span, _y.Span, _z.Span, AdamRule.Create(10, 1e-6f, 0.9f, 0.999f, 1e-8f, 0));
}
