using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// The tiles by which a few output channels walk stretches of pixels: one for most of a stretch and narrower ones of its tier
/// for the end, least costly by the model of <see cref="PanelPlan"/> with loads that cross cache lines. All tiles give the same
/// bits, so the choice changes none.
/// </summary>
internal sealed class PlanarPlan
{
    private const double TileCycles = 40;

    // Cache lines that a vector touches on average: a whole line lies in two, half of one now and then.
    private const double LinesOfWholeLine = 2;
    private const double LinesOfPart = 1.5;
    private const int LineBits = 512;

    private readonly GemmKernel[] _kernels;
    private readonly Machine _machine;

    private PlanarPlan(GemmKernel[] kernels, Machine machine) => (_kernels, _machine) = (kernels, machine);

    /// <summary>The tile of most of a stretch.</summary>
    public GemmKernel Main => _kernels[0];

    /// <summary>The plan of least cost for stretches of some length.</summary>
    /// <param name="kernels">Planar tiles.</param>
    /// <param name="rows">Output channels of a group.</param>
    /// <param name="stretch">Pixels of a stretch.</param>
    /// <param name="terms">Terms of an output.</param>
    /// <param name="machine">The machine; null means the one that runs this.</param>
    public static PlanarPlan Choose(IReadOnlyList<GemmKernel> kernels, int rows, int stretch, long terms, Machine? machine = null)
    {
        machine ??= Machine.Current;
        PlanarPlan? best = null;
        foreach (GemmKernel main in kernels)
        {
            IEnumerable<GemmKernel> narrower = kernels.Where(k => k.Isa == main.Isa && k.NR < main.NR).OrderByDescending(k => k.NR);
            var plan = new PlanarPlan([main, .. narrower], machine);
            if (best is null || plan.Cycles(rows, stretch, terms) < best.Cycles(rows, stretch, terms))
                best = plan;
        }

        return best!;
    }

    /// <summary>The widest tile that a rest of a stretch fills but for its last vector.</summary>
    public GemmKernel For(nint pixels)
    {
        foreach (GemmKernel kernel in _kernels)
        {
            if (kernel.NR < pixels + kernel.Lanes)
                return kernel;
        }

        return _kernels[^1];
    }

    /// <summary>What a stretch costs.</summary>
    public double Cycles(int rows, int stretch, long terms)
    {
        double sum = 0;
        for (nint left = stretch; left > 0;)
        {
            GemmKernel kernel = For(left);
            double multiplyAdd = 1.0 / _machine.FmasPerCycle(kernel.VectorBits);
            double load = (kernel.VectorBits < LineBits ? LinesOfPart : LinesOfWholeLine) / _machine.LoadsPerCycle(kernel.VectorBits);
            double broadcast = 1.0 / _machine.LoadsPerCycle(GemmKernel.LaneBits);
            double tiles = (rows + kernel.MR - 1) / kernel.MR;
            double tileRows = rows / tiles;
            double term = Math.Max(
                Math.Max(tileRows * kernel.Vectors * multiplyAdd, (kernel.Vectors * load) + (tileRows * broadcast)),
                _machine.FmaLatency);
            sum += tiles * ((terms * term) + TileCycles);
            left -= kernel.NR;
        }

        return sum;
    }
}
