namespace CnnFast.Operators;

/// <summary>
/// Images with a border of zeros, and the gradient, which cuts the border off. Work is cut into rows of the output. Immutable and
/// thread-safe; nothing is allocated.
/// </summary>
internal sealed unsafe class ZeroPadding
{
    // A part writes about this many floats.
    private const int FloatsPerPart = 16384;

    // A float that is read and written costs about as much time as this many multiply-adds.
    private const long CostPerElement = 16;

    private readonly Shape _input;
    private readonly Shape _output;
    private readonly int _top;
    private readonly int _left;

    private ZeroPadding(Shape input, Padding sides)
    {
        _input = input;
        _output = Shape.Nhwc(input[0], input[1] + sides.Top + sides.Bottom, input[2] + sides.Left + sides.Right, input[3]);
        _top = sides.Top;
        _left = sides.Left;
    }

    /// <summary>Plans the padding.</summary>
    /// <param name="input">The images <c>[N, H, W, C]</c>; N is the largest batch.</param>
    /// <param name="sides">Rows and columns of zeros, explicit.</param>
    public static ZeroPadding Create(Shape input, Padding sides) => new(input, sides);

    /// <summary>From <c>x [n, H, W, C]</c> to <c>y [n, H + top + bottom, W + left + right, C]</c>.</summary>
    /// <exception cref="ShapeException">n or a length does not fit.</exception>
    public void Run(IWorkScheduler s, int n, ReadOnlySpan<float> x, Span<float> y)
    {
        Require(n, "x", x.Length, "y", y.Length);
        int rows = n * _output[1];
        int rowsPerPart = RowsPerPart(_output);
        fixed (float* px = x, py = y)
            s.Run((rows + rowsPerPart - 1) / rowsPerPart, y.Length * CostPerElement, new PadAction(this, px, py, rows, rowsPerPart));
    }

    /// <summary>From <c>dy</c> of the output's shape to <c>dx</c> of the input's.</summary>
    /// <exception cref="ShapeException">n or a length does not fit.</exception>
    public void Backward(IWorkScheduler s, int n, ReadOnlySpan<float> dy, Span<float> dx)
    {
        Require(n, "dx", dx.Length, "dy", dy.Length);
        int rows = n * _input[1];
        int rowsPerPart = RowsPerPart(_input);
        fixed (float* pdy = dy, pdx = dx)
            s.Run((rows + rowsPerPart - 1) / rowsPerPart, dx.Length * CostPerElement, new CropAction(this, pdy, pdx, rows, rowsPerPart));
    }

    /// <summary>The sizes on one line.</summary>
    public override string ToString() => $"input {_input}; output {_output}; top {_top}; left {_left}";

    private static int RowsPerPart(Shape images) => (int)Math.Max(1, FloatsPerPart / ((long)images[2] * images[3]));

    private void Require(int n, string inner, int innerLength, string outer, int outerLength)
    {
        OperatorChecks.Batch("ZeroPadding", n, _input[0], this);
        OperatorChecks.Length("ZeroPadding", inner, innerLength, _input.ElementCount / _input[0] * n, this);
        OperatorChecks.Length("ZeroPadding", outer, outerLength, _output.ElementCount / _output[0] * n, this);
    }

    private readonly struct PadAction(ZeroPadding op, float* x, float* y, int rows, int rowsPerPart) : IRangeAction
    {
        private readonly float* _x = x;
        private readonly float* _y = y;

        public void Invoke(int index, int worker)
        {
            int height = op._input[1], channels = op._input[3];
            int width = op._input[2] * channels, left = op._left * channels, whole = op._output[2] * channels;
            int end = (int)Math.Min(rows, ((long)index + 1) * rowsPerPart);
            for (int row = index * rowsPerPart; row < end; row++)
            {
                (int image, int i) = Math.DivRem(row, op._output[1]);
                var to = new Span<float>(_y + ((nint)row * whole), whole);
                int from = i - op._top;
                if (from < 0 || from >= height)
                {
                    to.Clear();
                    continue;
                }

                to[..left].Clear();
                new ReadOnlySpan<float>(_x + ((((nint)image * height) + from) * width), width).CopyTo(to[left..]);
                to[(left + width)..].Clear();
            }
        }
    }

    private readonly struct CropAction(ZeroPadding op, float* dy, float* dx, int rows, int rowsPerPart) : IRangeAction
    {
        private readonly float* _dy = dy;
        private readonly float* _dx = dx;

        public void Invoke(int index, int worker)
        {
            int height = op._input[1], channels = op._input[3];
            int width = op._input[2] * channels;
            int end = (int)Math.Min(rows, ((long)index + 1) * rowsPerPart);
            for (int row = index * rowsPerPart; row < end; row++)
            {
                (int image, int i) = Math.DivRem(row, height);
                nint from = ((((nint)image * op._output[1]) + i + op._top) * op._output[2]) + op._left;
                new ReadOnlySpan<float>(_dy + (from * channels), width).CopyTo(new Span<float>(_dx + ((nint)row * width), width));
            }
        }
    }
}
