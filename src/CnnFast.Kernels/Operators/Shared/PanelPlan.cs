using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// How the columns of a group are cut into panels, perhaps of different tiles: the cut that costs least by a model of a tile's cycles on a
/// <see cref="Machine"/>. All tiles of a tier give the same bits, so the cut changes none. A term of a tile costs its multiply-adds, at
/// least the latency of one, at least its loads; a tile costs some cycles more for its runs, its outputs and itself.
/// </summary>
internal sealed class PanelPlan
{
    /// <summary>Terms of a reduction block: a panel of this height and 16 columns stays in the level-2 cache beside its rows.</summary>
    public const int ReductionLimit = 512;

    // Of our tiles: what they cost beside their terms, and how fast they read a panel that is not in the level-1 cache.
    private const double TileCycles = 8;
    private const double OutputCycles = 0.7;
    private const double PartialOutputCycles = 2;
    private const double RunCycles = 0.35;
    private const double RunCyclesWithSpills = 0.7;
    private const int RowsInRegisters = 8;
    private const double PanelCycles = 20;
    private const double FloatsPerCycle = 4;
    private const double FloatsPerCycleOnce = 8;

    private readonly GemmPanel[] _panels;

    private PanelPlan(GemmPanel[] panels, double cycles)
    {
        Cycles = cycles;
        _panels = panels;
        PackedColumns = panels[^1].Packed + panels[^1].Kernel.NR;
    }

    public ReadOnlySpan<GemmPanel> Panels => _panels;

    /// <summary>What a group costs by the model.</summary>
    public double Cycles { get; }

    /// <summary>Columns of a group with those that only fill up panels.</summary>
    public int PackedColumns { get; }

    /// <summary>The tile that costs least where all panels must be of one; a tier of null means <see cref="CpuInfo.Isa"/>.</summary>
    public static GemmKernel OneTile(IsaLevel? isa, int columns, long rows, long terms) =>
        GemmKernels.Of(GemmKernels.All, isa).MinBy(kernel => Choose([kernel], columns, Math.Max(1, rows), terms, 1).Cycles)!;

    /// <summary>Panels of one tile only.</summary>
    public static PanelPlan Of(GemmKernel kernel, int columns) => Choose([kernel], columns, 1, 1, 1);

    /// <summary>The cut of least cost over some tiles; the first of equals. No machine means the one that runs this.</summary>
    public static PanelPlan Choose(IReadOnlyList<GemmKernel> kernels, int columns, long rows, long terms, long runs,
        Machine? machine = null)
    {
        machine ??= Machine.Current;
        double[] costs = [.. kernels.Select(kernel => Cost(machine, kernel, rows, terms, runs, OutputCycles))];
        double[] partialCosts = [.. kernels.Select(kernel => Cost(machine, kernel, rows, terms, runs, PartialOutputCycles))];
        var least = new double[columns + 1];
        var choice = new int[columns + 1];
        for (int left = 1; left <= columns; left++)
        {
            least[left] = double.PositiveInfinity;
            for (int k = 0; k < costs.Length; k++)
            {
                double cost = left < kernels[k].NR ? partialCosts[k] : costs[k] + least[left - kernels[k].NR];
                if (cost < least[left])
                    (least[left], choice[left]) = (cost, k);
            }
        }

        // Wide panels first, so that only the last has columns to spare.
        var chosen = new List<GemmKernel>();
        for (int left = columns; left > 0; left -= kernels[choice[left]].NR)
            chosen.Add(kernels[choice[left]]);
        chosen.Sort((a, b) => b.NR.CompareTo(a.NR));
        var panels = new GemmPanel[chosen.Count];
        int column = 0;
        for (int i = 0; i < panels.Length; i++)
        {
            panels[i] = new GemmPanel(chosen[i], column, Math.Min(chosen[i].NR, columns - column), column);
            column += chosen[i].NR;
        }

        return new PanelPlan(panels, least[columns]);
    }

    private static double Cost(Machine machine, GemmKernel kernel, long rows, long terms, long runs, double output)
    {
        double multiplyAdd = 1.0 / machine.FmasPerCycle(kernel.VectorBits);
        double load = 1.0 / machine.LoadsPerCycle(kernel.VectorBits);
        double broadcast = 1.0 / machine.LoadsPerCycle(GemmKernel.LaneBits);
        double vectors = (double)kernel.NR / kernel.Lanes;
        double tiles = (rows + kernel.MR - 1) / kernel.MR;
        // A panel of more than half the level-1 cache comes from the level-2 cache for each tile, and so does any for the only tile.
        double cachedFloats = machine.L1DataBytes / 2.0 / sizeof(float);
        double stream = kernel.NR * Math.Min(terms, ReductionLimit) > cachedFloats ? kernel.NR / FloatsPerCycle : 0;
        if (tiles <= 1)
            stream = kernel.NR / FloatsPerCycleOnce;
        double tileRows = rows / tiles;
        double term = Math.Max(
            Math.Max(tileRows * vectors * multiplyAdd, (vectors * load) + (tileRows * broadcast)),
            Math.Max(machine.FmaLatency, stream));
        double run = tileRows * (kernel.MR > RowsInRegisters ? RunCyclesWithSpills : RunCycles);
        double tile = TileCycles + (2 * vectors);
        return (tiles * ((terms * term) + (runs * run) + (tileRows * vectors * output) + tile)) + PanelCycles;
    }
}
