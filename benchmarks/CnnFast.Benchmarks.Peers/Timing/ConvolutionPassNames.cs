namespace CnnFast.Benchmarks.Peers;

/// <summary>The passes as the command line, the tables and the targets write them.</summary>
internal static class ConvolutionPassNames
{
    public static string Name(this ConvolutionPass pass) => pass switch
    {
        ConvolutionPass.BackwardData => "backward-data",
        ConvolutionPass.BackwardFilter => "backward-filter",
        _ => "forward",
    };

    public static ConvolutionPass? Parse(string name)
    {
        foreach (ConvolutionPass pass in Enum.GetValues<ConvolutionPass>())
        {
            if (pass.Name() == name)
                return pass;
        }

        return null;
    }
}
