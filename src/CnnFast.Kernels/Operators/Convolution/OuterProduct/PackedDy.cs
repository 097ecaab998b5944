namespace CnnFast.Operators;

/// <summary>Each panel of dy is packed as wide as a tile, zeros where columns are missing.</summary>
internal sealed unsafe class PackedDy(Conv2DGeometry g, IsaLevel isa, FilterGradientChunks chunks, int nr) : DyPanels(g, isa, chunks, nr)
{
    public override nint PackedFloats { get; } = WorkspaceLayout.AlignFloats((nint)chunks.BlockRows * chunks.BlockColumns * nr);

    public override void Begin(in GradientUnit unit, in PixelBlock block)
    {
    }

    public override float* Panel(in GradientUnit unit, in PixelBlock block, int channel, int width)
    {
        int nr = (int)Step;
        DyPacking.Pack(block.Dy + channel, Geometry.OC, width, nr, block.Pixels, unit.Packed);
        if (unit.Tiles.First == 0)
        {
            SumColumns(unit.Packed, block.Pixels, nr, unit.Scratch);
            AddBias(unit.Scratch, unit.BiasSums + channel, width, block.Adds);
        }

        return unit.Packed;
    }
}
