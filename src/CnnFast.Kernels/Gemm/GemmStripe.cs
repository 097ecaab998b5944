using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>Cuts the rows of a stripe into tiles as even as possible: a small last tile would wait for its few chains.</summary>
/// <typeparam name="TTile">The tiles.</typeparam>
internal static unsafe class GemmStripe<TTile>
    where TTile : struct, IGemmTile
{
    /// <summary>Computes all rows, in tiles of at most <typeparamref name="TMost"/> of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TForm, TMost, TEpilogue>(GemmTile* tile)
        where TForm : struct, IGemmForm
        where TMost : unmanaged, ITileSize
        where TEpilogue : struct, IUnaryOperation
    {
        nint rows = tile->Rows;
        nint tiles = (rows + sizeof(TMost) - 1) / sizeof(TMost);
        nint least = rows / tiles;
        nint larger = rows - (least * tiles);
        if (larger > 0)
            Choose<TForm, TMost, TEpilogue>(tile, least + 1, 0, larger);
        Choose<TForm, TMost, TEpilogue>(tile, least, larger * (least + 1), tiles - larger);
    }

    // Code for more rows than the most is not made.
    private static void Choose<TForm, TMost, TEpilogue>(GemmTile* tile, nint rows, nint first, nint tiles)
        where TForm : struct, IGemmForm
        where TMost : unmanaged, ITileSize
        where TEpilogue : struct, IUnaryOperation
    {
        switch (rows)
        {
            case 2 when sizeof(TMost) >= 2:
                TTile.Tiles<TForm, Size2, TEpilogue>(tile, first, tiles);
                break;
            case 3 when sizeof(TMost) >= 3:
                TTile.Tiles<TForm, Size3, TEpilogue>(tile, first, tiles);
                break;
            case 4 when sizeof(TMost) >= 4:
                TTile.Tiles<TForm, Size4, TEpilogue>(tile, first, tiles);
                break;
            case 5 when sizeof(TMost) >= 5:
                TTile.Tiles<TForm, Size5, TEpilogue>(tile, first, tiles);
                break;
            case 6 when sizeof(TMost) >= 6:
                TTile.Tiles<TForm, Size6, TEpilogue>(tile, first, tiles);
                break;
            case 7 when sizeof(TMost) >= 7:
                TTile.Tiles<TForm, Size7, TEpilogue>(tile, first, tiles);
                break;
            case 8 when sizeof(TMost) >= 8:
                TTile.Tiles<TForm, Size8, TEpilogue>(tile, first, tiles);
                break;
            case 9 when sizeof(TMost) >= 9:
                TTile.Tiles<TForm, Size9, TEpilogue>(tile, first, tiles);
                break;
            case 10 when sizeof(TMost) >= 10:
                TTile.Tiles<TForm, Size10, TEpilogue>(tile, first, tiles);
                break;
            case 11 when sizeof(TMost) >= 11:
                TTile.Tiles<TForm, Size11, TEpilogue>(tile, first, tiles);
                break;
            case 12 when sizeof(TMost) >= 12:
                TTile.Tiles<TForm, Size12, TEpilogue>(tile, first, tiles);
                break;
            default:
                TTile.Tiles<TForm, Size1, TEpilogue>(tile, first, tiles);
                break;
        }
    }
}
