namespace CnnFast.Compile;

/// <summary>What a pass did to a graph.</summary>
/// <param name="Pass">Its name.</param>
/// <param name="Notes">One sentence a change.</param>
/// <param name="NodesBefore">Nodes before it.</param>
/// <param name="NodesAfter">Nodes after it.</param>
internal sealed record PassReport(string Pass, IReadOnlyList<string> Notes, int NodesBefore, int NodesAfter);
