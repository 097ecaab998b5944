using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// The tiles by which a few output channels walk stretches of pixels: one for most of a stretch and narrower ones of its tier for the end, least costly
/// by the model of <see cref="PanelPlan"/> with loads that cross cache lines.
/// </summary>
internal sealed class PlanarPlan
{
    private const double Latency = 4;
    private const double TileCycles = 40;

    private readonly GemmKernel[] _kernels;

    private PlanarPlan(GemmKernel[] kernels) => _kernels = kernels;

    /// <summary>The tile of most of a stretch.</summary>
    public GemmKernel Main => _kernels[0];

    /// <summary>The plan of least cost for stretches of some length.</summary>
    /// <param name="kernels">Planar tiles.</param>
    /// <param name="rows">Output channels of a group.</param>
    /// <param name="stretch">Pixels of a stretch.</param>
    /// <param name="terms">Terms of an output.</param>
    public static PlanarPlan Choose(IReadOnlyList<GemmKernel> kernels, int rows, int stretch, long terms)
    {
        PlanarPlan? best = null;
        foreach (GemmKernel main in kernels)
        {
            var plan = new PlanarPlan([main, .. kernels.Where(k => k.Isa == main.Isa && k.NR < main.NR).OrderByDescending(k => k.NR)]);
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
            double issue = kernel.Lanes > 8 ? 1 : 0.5;
            double load = kernel.Lanes > 8 ? 2 : 0.75;
            double tiles = (rows + kernel.MR - 1) / kernel.MR;
            double tileRows = rows / tiles;
            double term = Math.Max(Math.Max(tileRows * kernel.Vectors * issue, (kernel.Vectors * load) + (tileRows * 0.5)), Latency);
            sum += tiles * ((terms * term) + TileCycles);
            left -= kernel.NR;
        }

        return sum;
    }
}
