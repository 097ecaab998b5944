namespace CnnFast;

/// <summary>What one pass of the graph compiler did to a model. Immutable.</summary>
/// <param name="Pass">Its name, such as <c>FuseActivation</c>.</param>
/// <param name="Notes">One sentence a change; none where there was nothing to do.</param>
/// <param name="NodesBefore">Nodes before it.</param>
/// <param name="NodesAfter">Nodes after it.</param>
public sealed record PassReport(string Pass, IReadOnlyList<string> Notes, int NodesBefore, int NodesAfter);
