namespace CnnFast.Operators;

/// <summary>
/// Moves channels to pixels, <c>[N, H, W, C·F²]</c> to <c>[N, H·F, W·F, C]</c>, and back: y[h·F + i, w·F + j, c] = x[h, w, c·F² + i·F + j].
/// Work is cut into rows of the input. Immutable and thread-safe; allocates nothing.
/// </summary>
internal sealed unsafe class PixelShuffleOperator
{
    private const string Who = "PixelShuffle";
    private const long CostPerElement = 8;

    private readonly Shape _input;
    private readonly int _factor;
    private readonly int _channels;
    private readonly string _sizes;

    /// <summary>Takes the sizes.</summary>
    /// <param name="input">The input; N is the largest batch.</param>
    /// <param name="factor">Whose square divides the channels.</param>
    public PixelShuffleOperator(Shape input, int factor)
    {
        _input = input;
        _factor = factor;
        _channels = input[3] / factor / factor;
        _sizes = $"{input} by {factor}";
    }

    private nint Row => (nint)_input[2] * _input[3];

    /// <summary>From x to y, of n images.</summary>
    /// <exception cref="ShapeException">n or a length does not fit.</exception>
    public void Run(IWorkScheduler s, int n, ReadOnlySpan<float> x, Span<float> y)
    {
        Check(n, x.Length, y.Length);
        fixed (float* px = x, py = y)
            s.Run(n * _input[1], y.Length * CostPerElement, new RowAction(this, px, py, forward: true));
    }

    /// <summary>From dy to dx, of n images.</summary>
    /// <exception cref="ShapeException">n or a length does not fit.</exception>
    public void Backward(IWorkScheduler s, int n, ReadOnlySpan<float> dy, Span<float> dx)
    {
        Check(n, dx.Length, dy.Length);
        fixed (float* pdy = dy, pdx = dx)
            s.Run(n * _input[1], dx.Length * CostPerElement, new RowAction(this, pdx, pdy, forward: false));
    }

    private void Check(int n, int x, int y)
    {
        OperatorChecks.Batch(Who, n, _input[0], _sizes);
        OperatorChecks.Length(Who, "the input", x, n * _input[1] * Row);
        OperatorChecks.Length(Who, "the output", y, x);
    }

    private readonly struct RowAction(PixelShuffleOperator op, float* x, float* y, bool forward) : IRangeAction
    {
        private readonly float* _x = x;
        private readonly float* _y = y;

        public void Invoke(int index, int worker)
        {
            nint factor = op._factor, channels = op._channels, square = factor * factor;
            float* x = _x + (index * op.Row);
            float* y = _y + (index * op.Row);
            for (nint i = 0; i < factor; i++)
            {
                for (nint w = 0; w < op._input[2]; w++)
                {
                    for (nint j = 0; j < factor; j++)
                    {
                        float* from = x + (w * op._input[3]) + (i * factor) + j;
                        for (nint c = 0; c < channels; c++, y++)
                        {
                            if (forward)
                                *y = from[c * square];
                            else
                                from[c * square] = *y;
                        }
                    }
                }
            }
        }
    }
}
