using System.Runtime.InteropServices;
using CnnFast.Kernels;
using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>
/// Batch normalisation by the moving statistics: x·scale + shift, with a residual (the second input) and a function where there are.
/// Constants: the packed scales, the packed shifts, then room to compute them in double.
/// </summary>
internal sealed class BatchNormalizationForwardStep(BatchNormalizationOperation operation, int channels, Epilogue epilogue = default,
    bool hasResidual = false) : ForwardStep
{
    private readonly ElementwiseOperators? _residual = hasResidual ? ElementwiseOperators.Create() : null;
    private readonly ActivationOperator? _function = epilogue.IsNone ? null : ActivationOperator.Create(epilogue);

    private readonly ScaleShiftOperator _operator = ScaleShiftOperator.Create(channels);

    public override int ConstantLength => (2 * Row) + (4 * channels);

    private int Row => (int)ArenaAlignment.RoundUp(_operator.PackedLength);

    public override void PrepareConstants(ParameterValues parameters, Span<float> constants)
    {
        Span<double> exact = MemoryMarshal.Cast<float, double>(constants[(2 * Row)..]);
        Span<double> scale = exact[..channels];
        Span<double> shift = exact.Slice(channels, channels);
        operation.ScaleAndShift(parameters, scale, shift);
        Span<float> scales = constants[.._operator.PackedLength];
        Span<float> shifts = constants.Slice(Row, _operator.PackedLength);
        for (int c = 0; c < channels; c++)
        {
            scales[c] = (float)scale[c];
            shifts[c] = (float)shift[c];
        }

        _operator.Pack(scales[..channels], scales);
        _operator.Pack(shifts[..channels], shifts);
    }

    public override void Run(in ForwardContext context)
    {
        ReadOnlySpan<float> x = context.Input(0);
        _operator.Run(context.Scheduler, x.Length / channels, x, context.Constants[.._operator.PackedLength],
            context.Constants.Slice(Row, _operator.PackedLength), context.Output);
        _residual?.Add(context.Scheduler, context.Output, context.Input(1), context.Output);
        _function?.Run(context.Scheduler, context.Output, context.Output);
    }
}
